/** Insertions, deletions and replacements of one character that turn `a` into `b` (Levenshtein). */
export function computeEditDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [row, character] of Array.from(a).entries()) {
    const current = [row + 1];
    for (let column = 0; column < b.length; column += 1) {
      const replaced = (previous[column] ?? 0) + (b[column] === character ? 0 : 1);
      const gap = Math.min(previous[column + 1] ?? 0, current[column] ?? 0) + 1;
      current.push(Math.min(replaced, gap));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** The candidate with the fewest edits, regardless of case; undefined if there is none. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const distance = (candidate: string): number =>
    computeEditDistance(word.toLowerCase(), candidate.toLowerCase());
  return candidates.toSorted((a, b) => distance(a) - distance(b))[0];
}
