/** Decimal digits that arithmetic in doubles keeps; those after them are its rounding errors. */
const keptDigits = 15;

const exponentOf = (value: number): number => Math.floor(Math.log10(Math.abs(value)));

/**
 * A computed number without the digits that rounding errors alone have written: 98.57 for
 * 0.9857 * 100 = 98.57000000000001. A number that has at most 15 digits itself is exact.
 *
 * @param magnitude the largest number that went into it: a difference is no more exact than its parts
 */
export function dropRounding(value: number, magnitude = value): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  const lost = Math.max(0, exponentOf(magnitude) - exponentOf(value));
  return lost < keptDigits ? Number(value.toPrecision(keptDigits - lost)) : 0;
}

/** A share in percent, with the digits that the share has. */
export const toPercent = (share: number): number => dropRounding(share * 100);

/** Digits that tell any two numbers in single precision apart. */
const singleDigits = 9;

/**
 * A number that was stored in single precision, by the shortest decimal that stands for it there: 0.2805
 * where its double has 0.28049999475479126. Others, and whole ones, as they are.
 */
export function shortenSingle(value: number): number {
  if (Number.isInteger(value) || Math.fround(value) !== value) return value;
  for (let digits = 1; digits <= singleDigits; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
