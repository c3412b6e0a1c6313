import { describe, expect, it } from 'vitest';
import { positionsByClass } from '../../../../src/renderer/components/data/sampling.ts';
import { suggestName } from '../../../../src/renderer/components/data/suggestName.ts';

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
