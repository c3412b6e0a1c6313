import { expect, it } from 'vitest';
import { fillWords } from '../../src/core/philox.ts';
import { keepThreshold, positionLength, positionOf } from '../../src/core/stepDraws.ts';

it('a place names its seed, epoch and step, and nothing twice', () => {
  const place = { seed: 7, epoch: 3, step: 20 };
  expect([...positionOf(place, 'dropout')]).toEqual([7, 1, 0, 0, 20, 3]);
  expect(positionOf(place, 'dropout')).toHaveLength(positionLength);
  const words = [place, { ...place, step: 21 }, { ...place, epoch: 4 }, { ...place, seed: 8 }].map(
    (named) => {
      const [seed = 0, purpose = 0, a = 0, b = 0, step = 0, epoch = 0] = positionOf(
        named,
        'dropout',
      );
      const drawn = new Int32Array(8);
      fillWords([seed, purpose], [a, b, step, epoch], drawn);
      return drawn.join();
    },
  );
  expect(new Set(words).size).toBe(4);
});

it('units are kept as often as was asked', () => {
  const words = new Int32Array(40_000);
  fillWords([1, 1], [0, 0, 0, 1], words);
  for (const keep of [0.1, 0.5, 0.9]) {
    const kept = words.filter((word) => word < keepThreshold(keep)).length / words.length;
    // Five standard deviations of the share.
    expect(Math.abs(kept - keep)).toBeLessThan(5 * Math.sqrt((keep * (1 - keep)) / words.length));
  }
  expect(keepThreshold(1)).toBe(2 ** 31 - 1);
});
