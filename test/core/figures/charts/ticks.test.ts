import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  listDecades,
  listTicks,
  roundStep,
  writePower,
  writeTicks,
} from '../../../../src/core/figures/charts/ticks.ts';

const texts = (range: [number, number], count: number, whole = false): string[] =>
  listTicks(range, count, whole).map(({ text }) => text);

describe('ticks', () => {
  it('are round numbers inside the range, all with the same decimals', () => {
    expect(texts([0, 1], 5)).toEqual(['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']);
    expect(texts([93.1, 97.7], 5)).toEqual(['94', '95', '96', '97']);
    expect(texts([-0.31, 0.29], 4)).toEqual(['−0.2', '0.0', '0.2']);
  });

  it('are whole where asked, even of a short range', () => {
    expect(texts([0, 1], 5, true)).toEqual(['0', '1']);
    expect(texts([0, 30], 6, true)).toEqual(['0', '5', '10', '15', '20', '25', '30']);
  });

  it('are at least two and never outside', () => {
    const numbers = fc.double({ min: -1e4, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(
        numbers,
        fc.double({ min: 1e-3, max: 1e4, noNaN: true }),
        fc.integer({ min: 2, max: 8 }),
        (low, span, count) => {
          const values = listTicks([low, low + span], count).map(({ value }) => value);
          expect(values.length).toBeGreaterThanOrEqual(2);
          for (const value of values) {
            expect(value).toBeGreaterThanOrEqual(low - span * 1e-6);
            expect(value).toBeLessThanOrEqual(low + span * (1 + 1e-6));
          }
        },
      ),
    );
  });

  it('stand at steps of 1, 2 and 5', () => {
    expect([0.3, 1, 1.1, 3, 7, 12].map((raw) => roundStep(raw))).toEqual([0.5, 1, 2, 5, 10, 20]);
    expect(roundStep(0.3, true)).toBe(1);
  });
});

describe('numbers of many digits', () => {
  const write = (values: number[]): string[] => writeTicks(values, String).map(({ text }) => text);

  it('become powers of ten, all of an axis or none', () => {
    expect(texts([0, 3.2e6], 4)).toEqual(['0', '10⁶', '2×10⁶', '3×10⁶']);
    expect(texts([0, 1.6e6], 4)).toEqual(['0', '5×10⁵', '10⁶', '1.5×10⁶']);
    expect(texts([-2e7, 1e7], 3)).toEqual(['−2×10⁷', '−10⁷', '0', '10⁷']);
    expect(texts([0, 2e-7], 2)).toEqual(['0', '10⁻⁷', '2×10⁻⁷']);
  });

  it('stay written out up to six digits, and where powers are longer', () => {
    expect(write([0, 500_000])).toEqual(['0', '500000']);
    expect(texts([1_000_001, 1_000_003], 2)).toEqual(['1000001', '1000002', '1000003']);
  });

  it('mean the same as powers', () => {
    const plain = '⁰¹²³⁴⁵⁶⁷⁸⁹';
    const read = (text: string): number => {
      const [, sign = '', factor = '', exponent] =
        /^(−?)(?:([\d.]+)×)?(?:10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?$/u.exec(text) ?? [];
      if (exponent === undefined) return Number(text.replace('−', '-'));
      const digits = exponent.replace('⁻', '-').replace(/[^-]/gu, (c) => String(plain.indexOf(c)));
      return Number(`${sign === '' ? '' : '-'}${factor || '1'}e${digits}`);
    };
    const mantissas = fc.integer({ min: -9999, max: 9999 }).filter((n) => n !== 0);
    fc.assert(
      fc.property(mantissas, fc.integer({ min: -30, max: 30 }), (mantissa, exponent) => {
        const value = Number(`${mantissa}e${exponent}`);
        expect(read(writePower(value))).toBe(value);
      }),
    );
    expect(writePower(0)).toBe('0');
  });

  it('head decades in one way', () => {
    expect(listDecades(2.3).map(({ text }) => text)).toEqual(['1', '10', '100']);
    expect(
      listDecades(6.1)
        .map(({ value, text }) => [value, text])
        .slice(-2),
    ).toEqual([
      [5, '10⁵'],
      [6, '10⁶'],
    ]);
  });
});
