import { describe, expect, it } from 'vitest';
import {
  positionsByClass,
  spreadIndices,
} from '../../../../src/renderer/components/data/sampling.ts';
import { suggestName } from '../../../../src/renderer/components/data/suggestName.ts';

describe('spreadIndices', () => {
  it('spreads over the whole set, without a repeat', () => {
    expect(spreadIndices(10, 5)).toEqual([0, 2, 4, 6, 8]);
    expect(spreadIndices(3, 5)).toEqual([0, 1, 2]);
    expect(new Set(spreadIndices(60_000, 1200)).size).toBe(1200);
  });
});

describe('positionsByClass', () => {
  it('takes the first images of each class, and leaves unknown labels out', () => {
    const labels = Uint8Array.of(1, 0, 1, 1, 9);
    expect(positionsByClass({ labels }, 2, 2)).toEqual([[1], [0, 2]]);
  });
});

describe('suggestName', () => {
  it.each([
    ['/data/KMNIST.npz', 'kmnist'],
    ['C:\\sets\\letters\\', 'letters'],
    ['', ''],
  ])('%s -> %s', (path, name) => {
    expect(suggestName(path)).toBe(name);
  });
});
