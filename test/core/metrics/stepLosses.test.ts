import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addStepLosses } from '../../../src/core/metrics/stepLosses.ts';

const stepsFrom = (first: number, losses: readonly number[]) =>
  losses.map((loss, i) => ({ step: first + i, steps: 1, loss }));

it('keeps every step of a short epoch', () => {
  const before = stepsFrom(1, [4, 3]);
  expect(addStepLosses(before, stepsFrom(3, [2]), 120)).toEqual(stepsFrom(1, [4, 3, 2]));
  expect(before).toHaveLength(2);
});

it('takes means over stretches of equal length where an epoch has more steps', () => {
  // 300 steps: stretches of three.
  const first = addStepLosses([], stepsFrom(1, [9, 6, 3, 1]), 300);
  expect(first).toEqual([
    { step: 3, steps: 3, loss: 6 },
    { step: 4, steps: 1, loss: 1 },
  ]);
  expect(addStepLosses(first, stepsFrom(5, [4, 4]), 300).at(-1)).toEqual({
    ...{ step: 6, steps: 3, loss: 3 },
  });
});

it('has the same curve however the steps come, and its mean is theirs', () => {
  const losses = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), {
    minLength: 1,
    maxLength: 700,
  });
  fc.assert(
    fc.property(losses, fc.nat(), (values, cutAt) => {
      const all = stepsFrom(1, values);
      const cut = cutAt % all.length;
      const whole = addStepLosses([], all, values.length);
      const inTwo = addStepLosses(
        addStepLosses([], all.slice(0, cut), values.length),
        all.slice(cut),
        values.length,
      );
      expect(inTwo.map(({ step }) => step)).toEqual(whole.map(({ step }) => step));
      expect(whole.length).toBeLessThanOrEqual(120);
      expect(whole.reduce((sum, { steps }) => sum + steps, 0)).toBe(values.length);
      const weighted = whole.reduce((sum, { steps, loss }) => sum + steps * loss, 0);
      expect(weighted).toBeCloseTo(
        values.reduce((sum, value) => sum + value, 0),
        6,
      );
    }),
  );
});
