import type { PublishedEntry } from '../../../shared/datasetCalls.ts';

/** A published set in all the sizes that it is published in, the smallest first. */
export interface PublishedFamily {
  /** What the smallest is fetched as. */
  name: string;
  title: string;
  entries: readonly PublishedEntry[];
}

/** A name without the size that some end with: `pathmnist` of `pathmnist_64`. */
const familyOf = ({ name }: PublishedEntry): string => name.replace(/_\d+$/, '');

export const groupPublished = (entries: readonly PublishedEntry[]): PublishedFamily[] =>
  [...Map.groupBy(entries, familyOf)].map(([name, members]) => {
    const sorted = members.toSorted((a, b) => a.imageSize - b.imageSize);
    return { name, title: sorted[0]?.title ?? name, entries: sorted };
  });

/** The size that its images are scaled to unless somebody chooses one: null for as they are. */
export const suggestSize = ({ largestSize }: PublishedEntry): number | null =>
  largestSize === null ? null : Math.min(largestSize, 64);
