/**
 * About `count` epochs that tell a run's story: the first, the last, the best, and others spread
 * evenly between. Ascending, each once.
 */
export function spreadEpochs(last: number, best: number | null, count: number): number[] {
  const evenly = Array.from({ length: count }, (_, i) =>
    Math.round((i / Math.max(1, count - 1)) * last),
  );
  if (best !== null && !evenly.includes(best) && best <= last && count > 2) {
    // The best takes the place of whichever inner one is nearest to it.
    const inner = evenly.slice(1, -1);
    const nearest = inner.toSorted((a, b) => Math.abs(a - best) - Math.abs(b - best))[0];
    evenly[evenly.indexOf(nearest ?? 0, 1)] = best;
  }
  return [...new Set(evenly)].sort((a, b) => a - b);
}
