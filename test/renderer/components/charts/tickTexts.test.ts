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
