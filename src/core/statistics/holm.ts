/**
 * P-values adjusted by Holm's step-down method (1979), in the order given: the i-th smallest of m is
 * multiplied by m - i + 1, made no smaller than those before it, and cut at 1. Rejecting where the
 * adjusted one is below a level keeps the chance of any false rejection below that level. A test that
 * could not be made (null) is not counted.
 */
export function adjustHolm(pValues: readonly (number | null)[]): (number | null)[] {
  const ordered = pValues
    .flatMap((pValue, index) => (pValue === null ? [] : [{ pValue, index }]))
    .sort((a, b) => a.pValue - b.pValue);
  const adjusted: (number | null)[] = pValues.map(() => null);
  let largest = 0;
  ordered.forEach(({ pValue, index }, i) => {
    largest = Math.max(largest, Math.min(1, pValue * (ordered.length - i)));
    adjusted[index] = largest;
  });
  return adjusted;
}
