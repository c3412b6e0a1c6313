import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dropRounding, shortenSingle, toPercent } from '../../../src/core/formats/decimalText.ts';

describe('a share in percent', () => {
  it('has the digits of the share', () => {
    expect(0.9857 * 100).not.toBe(98.57);
    expect(toPercent(0.9857)).toBe(98.57);
    // As an epoch's accuracy is computed: 0.09999999999999998.
    expect(toPercent(1 - 9 / 10)).toBe(10);
    expect(toPercent(1)).toBe(100);
    expect(toPercent(0)).toBe(0);
  });

  it('is, of every count of 10,000 images, the decimal that one writes by hand', () => {
    for (let right = 0; right <= 10_000; right += 1) {
      const [whole, rest] = [Math.floor(right / 100), right % 100];
      const byHand = Number(`${whole}.${String(rest).padStart(2, '0')}`);
      expect(toPercent(right / 10_000)).toBe(byHand);
    }
  });

  it('is the share moved by two places, whatever its digits, and never longer', () => {
    const digits = fc.bigInt({ min: 1n, max: 10n ** 15n - 1n });
    fc.assert(
      fc.property(digits, fc.integer({ min: -25, max: 5 }), (whole, exponent) => {
        const share = Number(`${whole}e${exponent}`);
        expect(toPercent(share)).toBe(Number(`${whole}e${exponent + 2}`));
      }),
      { numRuns: 2000 },
    );
  });

  it('of a share without an end keeps 15 digits of it', () => {
    expect(String(toPercent(1 / 3))).toBe('33.3333333333333');
  });
});

describe('a difference', () => {
  it('is no more exact than what it is between', () => {
    expect(98.57 - 97.59).not.toBe(0.98);
    expect(dropRounding(98.57 - 97.59, 98.57)).toBe(0.98);
    expect(dropRounding(0.3 - 0.1 - 0.2, 0.3)).toBe(0);
    expect(dropRounding(-0)).toBe(-0);
    expect(dropRounding(Number.NaN)).toBeNaN();
  });
});

describe('a number in single precision', () => {
  it('has the digits that it was stored with', () => {
    expect(String(Math.fround(0.2805))).toBe('0.28049999475479126');
    expect(shortenSingle(Math.fround(0.2805))).toBe(0.2805);
    expect(shortenSingle(0.28049999475479)).toBe(0.28049999475479);
    // A count, although single precision has it too.
    expect(shortenSingle(1_677_721_600)).toBe(1_677_721_600);
  });

  it('stands for the same number, which a double keeps as it is', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (single) => {
        expect(Math.fround(shortenSingle(single))).toBe(single);
      }),
    );
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (double) => {
        fc.pre(Math.fround(double) !== double);
        expect(shortenSingle(double)).toBe(double);
      }),
    );
  });
});
