import type { ImageBatch } from '../../stores/datasets.ts';

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
