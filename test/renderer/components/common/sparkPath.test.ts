import { describe, expect, it } from 'vitest';
import { sparkPaths } from '../../../../src/renderer/components/common/sparkPath.ts';

describe('sparkPaths', () => {
  it('fills its box, the smallest value at the bottom', () => {
    const [spark] = sparkPaths([[3, 1, 2]], 105, 25);
    expect(spark?.points).toEqual([
      [2.5, 2.5],
      [52.5, 22.5],
      [102.5, 12.5],
    ]);
    expect(spark?.path).toBe('M2.5 2.5L52.5 22.5L102.5 12.5');
  });

  it('breaks at what is not finite', () => {
    expect(sparkPaths([[1, NaN, 1, 2]], 105, 25)[0]?.path).toMatch(/^M[^L]*M[^L]*L[^L]*$/);
  });

  it('draws all series on one scale', () => {
    const [long, short] = sparkPaths([[0, 10, 10], [5]], 105, 25);
    expect(long?.points[1]?.[1]).toBe(2.5);
    expect(short?.points).toEqual([[2.5, 12.5]]);
  });

  it('has nothing to draw of nothing', () => {
    expect(sparkPaths([[]], 10, 10)).toEqual([{ path: '', points: [] }]);
  });
});
