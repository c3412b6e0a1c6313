import { expect, it } from 'vitest';
import {
  buildAxis,
  canBeLogarithmic,
  wantsLogarithm,
} from '../../../../src/renderer/components/compare/sweepAxis.ts';

const write = String;

it('places numbers by their size, on a logarithmic axis by their powers', () => {
  const linear = buildAxis([0.1, 1, 10], false, write);
  const log = buildAxis([0.1, 1, 10], true, write);
  const at = (axis: typeof linear) => [0.1, 1, 10].map((value) => axis.place(value) ?? NaN);
  const [low = 0, middle = 0, high = 0] = at(linear);
  expect((middle - low) / (high - low)).toBeCloseTo(0.9 / 9.9, 9);
  const [lowest = 0, centre = 0, highest = 0] = at(log);
  expect(centre).toBeCloseTo((lowest + highest) / 2, 9);
  expect(log.ticks.map(({ text }) => text)).toEqual(['0.1', '1', '10']);
  expect(log.place(undefined)).toBeNull();
});

it('gives anything else a place each, in the order in which it comes', () => {
  const axis = buildAxis(['sgd', 'adam', undefined, 'sgd'], false, write);
  expect(axis.ticks.map(({ text }) => text)).toEqual(['sgd', 'adam']);
  expect(axis.place('sgd') ?? 1).toBeLessThan(axis.place('adam') ?? 0);
  expect(buildAxis([7], false, write).place(7)).toBe(0.5);
});

it('takes a logarithm of positive numbers alone', () => {
  expect(canBeLogarithmic([0, 1])).toBe(false);
  expect(canBeLogarithmic(['a', 1])).toBe(false);
  expect(wantsLogarithm([0.1, 1, undefined, 10])).toBe(true);
  expect(wantsLogarithm([1, 2])).toBe(false);
});
