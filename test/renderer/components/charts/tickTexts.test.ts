import { expect, it } from 'vitest';
import { measureAxis, writeSplits } from '../../../../src/renderer/components/charts/tickTexts.ts';

it('writes numbers of seven digits as powers of ten, and shorter ones out', () => {
  expect(writeSplits('loss', [0, 5e6, 1e7], 5e6)).toEqual(['0', '5×10⁶', '10⁷']);
  expect(writeSplits('count', [0, 50_000, 100_000], 50_000)).toEqual(['0', '50,000', '100,000']);
  expect(writeSplits('share', [0.99, 1], 0.01)).toEqual(['99%', '100%']);
});

it('leaves bare what a logarithmic axis leaves bare', () => {
  expect(writeSplits('loss', [1, null, 1e7], 1)).toEqual(['1', '', '10⁷']);
});

it('is as wide as its numbers need, and no narrower than its neighbours', () => {
  /** Every character is as many pixels wide as its font says. */
  const ctx = {
    font: '',
    save: () => undefined,
    restore: () => undefined,
    measureText: (text: string) =>
      ({ width: Number.parseFloat(ctx.font) * text.length }) as TextMetrics,
  };
  expect(measureAxis(ctx, '7px', ['0', '100'])).toBe(52);
  expect(measureAxis(ctx, '7px', ['0', '100,000,000'])).toBe(7 * 11 + 8);
  expect(measureAxis(ctx, '7px', null)).toBe(52);
});

it('says exactly where ticks stand that are a quarter of a power of ten apart', () => {
  const shares = [0.9, 0.925, 0.95];
  expect(writeSplits('share', shares, 0.025)).toEqual(['90.0%', '92.5%', '95.0%']);
  expect(writeSplits('share', [0.9975, 1], 0.0025)).toEqual(['99.75%', '100.00%']);
  expect(writeSplits('index', [0.99, 0.9925, 0.995], 0.0025)).toEqual(['0.99', '0.9925', '0.995']);
  expect(writeSplits('count', [1250, 1252.5, 1255], 2.5)).toEqual(['1,250', '1252.5', '1,255']);
  expect(writeSplits('share', [0, 0.07, 0.14], 0.07)).toEqual(['0%', '7%', '14%']);
});
