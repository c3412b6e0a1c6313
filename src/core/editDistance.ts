import { closest } from 'fastest-levenshtein';

/** Insertions, deletions and replacements of one character that turn one text into another. */
export { distance as computeEditDistance } from 'fastest-levenshtein';

/** The candidate with the fewest edits, regardless of case; undefined if there is none. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const lower = candidates.map((candidate) => candidate.toLowerCase());
  return candidates[lower.indexOf(closest(word.toLowerCase(), lower))];
}
