/**
 * The classes whose probabilities are worth a bar: the label, what the runs predict, and the `others` most
 * probable besides. The label comes first, so that it stays in its place as the epochs go by, the rest by
 * probability.
 *
 * @param sides each run's probabilities [classes] and predicted class
 */
export function chooseClasses(
  sides: readonly { probabilities: Float32Array; predicted: number }[],
  label: number,
  classes: number,
  others: number,
): number[] {
  const highest = (k: number): number =>
    Math.max(...sides.map(({ probabilities }) => probabilities[k] ?? 0));
  const predicted = new Set(sides.map((side) => side.predicted));
  const byChance = Array.from({ length: classes }, (_, k) => k)
    .filter((k) => k !== label)
    .sort((a, b) => highest(b) - highest(a) || a - b);
  const rest = byChance.filter((k) => !predicted.has(k)).slice(0, others);
  const shown = byChance.filter((k) => predicted.has(k) || rest.includes(k));
  return label < 0 ? shown : [label, ...shown];
}
