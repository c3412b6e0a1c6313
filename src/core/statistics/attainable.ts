import { usualLevel } from './comparison.ts';
import { adjustHolm } from './holm.ts';

/**
 * The smallest two-sided p-value that n pairs can give a test that knows the order or the sign of their
 * differences alone, as McNemar's and Wilcoxon's do: that all lie on one side.
 */
export const leastPValue = (pairs: number): number => Math.min(1, 2 ** (1 - pairs));

export interface Attainable {
  pValue: number;
  adjusted: number;
}

/** Each test's smallest p-value with what Holm's method makes of it where all tests give theirs. */
export function listAttainable(least: readonly (number | null)[]): (Attainable | null)[] {
  const adjusted = adjustHolm(least);
  return least.map((pValue, i) =>
    pValue === null ? null : { pValue, adjusted: adjusted[i] ?? pValue },
  );
}

/** Pairs from which on a p-value, adjusted over so many tests alike, can fall below the usual level. */
export const pairsNeeded = (tests: number): number => Math.floor(Math.log2(tests / usualLevel)) + 2;

/** Tests alike that so many pairs leave a chance to fall below the usual level after adjustment. */
export const testsAllowed = (pairs: number): number =>
  Math.ceil(usualLevel / leastPValue(pairs)) - 1;
