import { expect, it } from 'vitest';
import { axisMinimum, linePath } from '../../../../src/renderer/components/scrubber/linePath.ts';

const pathOf = (...values: number[]): string =>
  linePath(
    Float32Array.from(values),
    (index) => index * 10,
    (value) => 100 - value * 100,
  );

it('draws from point to point', () => {
  expect(pathOf(0, 0.5, 1)).toBe('M0.0 100.0L0.0 100.0L10.0 50.0L20.0 0.0');
});

it('breaks where a value is undefined, and shows what stands alone', () => {
  expect(pathOf(Number.NaN, 0.5, Number.NaN, 1)).toBe('M10.0 50.0L10.0 50.0M30.0 0.0L30.0 0.0');
  expect(pathOf()).toBe('');
});

it('reaches down to the lowest correlation, in tenths', () => {
  expect(axisMinimum([[0.2, 0.4]])).toBe(0);
  expect(axisMinimum([[0.2], [-0.31, 0.1]])).toBe(-0.4);
  expect(axisMinimum([[Number.NaN, 0.3]])).toBe(0);
  expect(axisMinimum([[Number.NaN, -0.05]])).toBe(-0.1);
});
