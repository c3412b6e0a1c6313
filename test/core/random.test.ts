import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';

const draw = (random: Random): number[] => {
  const mask = new Float32Array(20);
  random.fillBernoulli(mask, 0.3, 2);
  return [
    random.uniform(),
    ...random.shuffle(Uint32Array.from({ length: 9 }, (_, i) => i)),
    ...mask,
  ];
};

it('goes on from a saved state as if never stopped', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.nat(20), (seed, before) => {
      const random = Random.fromSeed(seed);
      for (let i = 0; i < before; i += 1) random.uniform();
      const restored = Random.fromState(random.state);
      expect(draw(restored)).toEqual(draw(random));
    }),
  );
});

it('shuffles every item to every place', () => {
  const random = Random.fromSeed(1);
  const counts = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
  for (let i = 0; i < 4000; i += 1) {
    random.shuffle([0, 1, 2, 3]).forEach((item, place) => {
      const row = counts[item] ?? [];
      row[place] = (row[place] ?? 0) + 1;
    });
  }
  // Binomial(4000, 1/4): five standard deviations are 137.
  for (const count of counts.flat()) expect(Math.abs(count - 1000)).toBeLessThan(137);
});

it('draws with the probability asked for', () => {
  const mask = new Float32Array(100_000);
  Random.fromSeed(2).fillBernoulli(mask, 0.25, 4);
  const kept = mask.filter((value) => value === 4).length;
  expect(mask.every((value) => value === 0 || value === 4)).toBe(true);
  // Five standard deviations are 685.
  expect(Math.abs(kept - 25_000)).toBeLessThan(685);
});

it('starts differently for every small seed', () => {
  const firsts = Array.from({ length: 1000 }, (_, seed) => Random.fromSeed(seed).uniform());
  const sorted = firsts.toSorted((a, b) => a - b);
  // Kolmogorov and Smirnov: the distance from uniform exceeds 1.95 / sqrt(n) once in a thousand.
  const distance = Math.max(...sorted.map((value, i) => Math.abs(value - i / 1000)));
  expect(distance).toBeLessThan(1.95 / Math.sqrt(1000));
});

it('draws normal numbers of the deviation asked for', () => {
  const random = Random.fromSeed(3);
  const values = Array.from({ length: 20_000 }, () => random.normal(2));
  const shareBelow = (limit: number): number =>
    values.filter((value) => value < limit).length / values.length;
  // The distribution function at -2, 0 and 1 deviations, within four standard errors.
  expect(Math.abs(shareBelow(-4) - 0.02275)).toBeLessThan(0.0043);
  expect(Math.abs(shareBelow(0) - 0.5)).toBeLessThan(0.0142);
  expect(Math.abs(shareBelow(2) - 0.84134)).toBeLessThan(0.0104);
});
