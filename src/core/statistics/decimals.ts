/** No number is printed with more digits after the point. */
const mostDecimals = 6;

/**
 * Digits after the point that an uncertainty leaves to a value, by the Particle Data Group's rule: of
 * the uncertainty's first three digits, 100 to 354 keep two, 355 to 949 one, and 950 to 999 round up
 * to 1000 and keep two. 99.1734 with 0.0412 has 2 (99.17 and 0.04), with 0.0142 has 3.
 */
export function decimalsFor(uncertainty: number): number {
  const exponent = Math.floor(Math.log10(uncertainty));
  const digits = Math.round(uncertainty / 10 ** (exponent - 2)) < 355 ? 2 : 1;
  return Math.min(mostDecimals, Math.max(0, digits - 1 - exponent));
}

/**
 * For values below each other: what the smallest uncertainty leaves, so that none loses a digit that
 * it has. `otherwise` where no value has an uncertainty above 0.
 */
export function commonDecimals(
  uncertainties: readonly (number | null | undefined)[],
  otherwise: number,
): number {
  const known = uncertainties.filter(
    (value): value is number => value !== null && value !== undefined && value > 0,
  );
  return known.length === 0 ? otherwise : decimalsFor(Math.min(...known));
}
