import { paradigmOf } from '../../../core/config/objectives.ts';
import type { RunSummary } from '../../../core/records.ts';
import { oncePerObject } from '../../../core/oncePerObject.ts';

export const facetNames = ['status', 'paradigm', 'dataset', 'tag'] as const;
export type FacetName = (typeof facetNames)[number];

export const facetTitles: Record<FacetName, string> = {
  status: 'Status',
  paradigm: 'Paradigm',
  dataset: 'Data set',
  tag: 'Tag',
};

/** Per facet the values of which a run must have one; an empty list asks for nothing. */
export type Facets = Record<FacetName, readonly string[]>;

export const noFacets: Facets = { status: [], paradigm: [], dataset: [], tag: [] };

/** The values that a run has in a facet. */
export function facetValues(run: RunSummary, facet: FacetName): readonly string[] {
  if (facet === 'status') return [run.status];
  if (facet === 'tag') return run.tags;
  return [facet === 'paradigm' ? paradigmOf(run.config) : run.config.data.dataset];
}

/** What the text filter looks into, in lower case. */
const searchText = oncePerObject((run: RunSummary): string =>
  [
    run.name,
    run.experiment,
    run.id,
    run.config.data.dataset,
    `seed ${run.seed}`,
    ...run.tags,
    run.note,
  ]
    .join('\n')
    .toLowerCase(),
);

const passesFacet = (run: RunSummary, facet: FacetName, wanted: readonly string[]): boolean =>
  wanted.length === 0 || facetValues(run, facet).some((value) => wanted.includes(value));

/** How a word is looked for: a number as a whole, so that "seed 3" is not seed 13. */
function createFinder(word: string): (content: string) => boolean {
  if (!/^\d+$/.test(word)) return (content) => content.includes(word);
  const number = new RegExp(`(?<![\\d.])${word}(?![\\d.])`);
  return (content) => number.test(content);
}

/** Runs that hold every word of the text and pass every facet. */
export function filterRuns(
  runs: readonly RunSummary[],
  text: string,
  facets: Facets,
): readonly RunSummary[] {
  const finders = text.toLowerCase().split(/\s+/).filter(Boolean).map(createFinder);
  const asked = facetNames.filter((facet) => facets[facet].length > 0);
  if (finders.length === 0 && asked.length === 0) return runs;
  return runs.filter((run) => {
    if (!asked.every((facet) => passesFacet(run, facet, facets[facet]))) return false;
    if (finders.length === 0) return true;
    const content = searchText(run);
    return finders.every((finds) => finds(content));
  });
}

/**
 * The values of a facet with how many runs each would show: those that pass the text and every other
 * facet. Values that were chosen stay, with 0 where none is left.
 */
export function countFacet(
  runs: readonly RunSummary[],
  text: string,
  facets: Facets,
  facet: FacetName,
): { value: string; count: number }[] {
  const counts = new Map(
    runs.flatMap((run) => facetValues(run, facet)).map((value): [string, number] => [value, 0]),
  );
  for (const value of facets[facet]) counts.set(value, 0);
  for (const run of filterRuns(runs, text, { ...facets, [facet]: [] })) {
    for (const value of facetValues(run, facet)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .toSorted((a, b) => a.value.localeCompare(b.value));
}
