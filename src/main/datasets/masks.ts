import type { DatasetSplit } from '../../core/formats/datasetFile.ts';
import { maskAt } from '../../core/pixels.ts';
import { corruptInput, type SourceContent } from './source.ts';

/**
 * A mask as it is stored, [size, size]: 1 where any of a pixel's values is not 0, else 0. It becomes as its
 * image does, by the pixels nearest to the new ones' middles: of one that is not square, the largest
 * square in its middle.
 *
 * @param levels [height, width, channels]
 */
export function makeMask(
  levels: ArrayLike<number>,
  { width, height, channels }: { width: number; height: number; channels: number },
  size: number,
): Uint8Array {
  const side = Math.min(width, height);
  const [left, top] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)];
  const nearest = (place: number): number => Math.floor(((place + 0.5) * side) / size);
  return Uint8Array.from({ length: size ** 2 }, (_, pixel) => {
    const row = top + nearest(Math.floor(pixel / size));
    const first = (row * width + left + nearest(pixel % size)) * channels;
    for (let i = 0; i < channels; i += 1) if (levels[first + i] !== 0) return 1;
    return 0;
  });
}

/** How to go on where masks and images do not belong together. */
export const masksHelp = 'Give one mask for each image, of its size, or leave all masks out.';

function countEmpty({ masks, labels }: DatasetSplit, imageSize: number): number {
  return labels.reduce(
    (count, _, index) =>
      count + Number(maskAt(masks, index, { imageSize })?.every((value) => value === 0)),
    0,
  );
}

/**
 * What people should know of the masks that came with images: how many are empty. CORRUPT_INPUT where all
 * of a split are. `name` stands for the source.
 */
export function noteMasks({ train, test, imageSize }: SourceContent, name: string): string[] {
  if (train.masks === undefined) return [];
  const counts = Object.entries({ training: train, test }).map(([what, split]) => {
    const empty = countEmpty(split, imageSize);
    if (empty < split.labels.length) return empty;
    throw corruptInput(
      `All ${what} masks of ${name} are empty: each of their pixels is 0.`,
      'Give masks whose pixels are not 0 where an image shows what counts.',
    );
  });
  const empty = counts.reduce((sum, count) => sum + count, 0);
  return [`each image has a mask${empty > 0 ? `, ${empty} of them empty` : ''}`];
}
