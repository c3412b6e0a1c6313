import { computeEditDistance } from '../../../core/editDistance.ts';

/** Names that someone who typed `wanted` may have meant, the nearest first. */
export function findNearNames(wanted: string, names: readonly string[], limit = 5): string[] {
  const typed = wanted.toLowerCase();
  const distanceTo = (name: string): number => {
    const lower = name.toLowerCase();
    return lower.includes(typed) ? 0 : computeEditDistance(typed, lower);
  };
  return [...new Set(names)]
    .map((name) => ({ name, distance: distanceTo(name) }))
    .filter(({ distance }) => distance <= Math.max(2, Math.floor(typed.length / 3)))
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name))
    .slice(0, limit)
    .map(({ name }) => name);
}
