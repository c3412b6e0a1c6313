import type { ImageBatch } from '../../stores/datasets.ts';

/** At most `wanted` indices at equal steps over `count` items: sets sorted by class show all classes. */
export function spreadIndices(count: number, wanted: number): number[] {
  const taken = Math.min(count, wanted);
  return Array.from({ length: taken }, (_, index) => Math.floor((index * count) / taken));
}

/** Positions in the batch of each class's images, at most `most` a class. */
export function positionsByClass(
  { labels }: Pick<ImageBatch, 'labels'>,
  classes: number,
  most: number,
): number[][] {
  const positions: number[][] = Array.from({ length: classes }, () => []);
  labels.forEach((label, position) => {
    const own = positions[label];
    if (own !== undefined && own.length < most) own.push(position);
  });
  return positions;
}
