import { describe, expect, it } from 'vitest';
import { moveByKey } from '../../../../src/renderer/components/runs/gridKeys.ts';

const plain = { ctrlKey: false, metaKey: false, altKey: false };
const move = (key: string, index: number): number | null =>
  moveByKey({ key, ...plain }, index, 100, 20);

describe('moveByKey', () => {
  it('moves by one, by a page, and to the ends, and stops there', () => {
    expect(move('ArrowDown', 5)).toBe(6);
    expect(move('ArrowUp', 0)).toBe(0);
    expect(move('PageDown', 90)).toBe(99);
    expect(move('PageUp', 30)).toBe(10);
    expect(move('Home', 30)).toBe(0);
    expect(move('End', 30)).toBe(99);
  });

  it('leaves other keys and shortcuts alone', () => {
    expect(move('c', 5)).toBeNull();
    expect(moveByKey({ key: 'End', ...plain, ctrlKey: true }, 5, 100, 20)).toBeNull();
    expect(moveByKey({ key: 'End', ...plain }, -1, 0, 20)).toBeNull();
  });
});
