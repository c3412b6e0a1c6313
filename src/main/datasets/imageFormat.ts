import { AfterimageError } from '../../core/errors.ts';
import type { DatasetSplit } from '../../core/formats/datasetFile.ts';
import { imageSizes } from './imageChoices.ts';
import type { SourceContent } from './source.ts';

/** INVALID_ARGUMENT if images are larger than networks here are made for. `name` stands for the source. */
export function checkSize(imageSize: number, name: string): void {
  if (imageSize <= imageSizes.most) return;
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `${name} holds images of ${imageSize} x ${imageSize} pixels; at most ${imageSizes.most} x ${imageSizes.most} are trained on.`,
    'Import with --resize and the size that a network shall see, such as --resize 64.',
  );
}

const isGrey = ({ images }: DatasetSplit): boolean => {
  for (let i = 0; i < images.length; i += 3) {
    if (images[i] !== images[i + 1] || images[i] !== images[i + 2]) return false;
  }
  return true;
};

/** The first of three channels, in the same memory. */
function keepFirst({ images, ...split }: DatasetSplit): DatasetSplit {
  const count = images.length / 3;
  for (let i = 0; i < count; i += 1) images[i] = images[3 * i] ?? 0;
  return { ...split, images: images.subarray(0, count) };
}

/** Grey images that were written as colours, as many programs do, with one channel again. */
export function dropEqualChannels(content: SourceContent): SourceContent {
  const { channels, train, test, notes } = content;
  if (channels === 1 || !isGrey(train) || !isGrey(test)) return content;
  return {
    ...content,
    channels: 1,
    train: keepFirst(train),
    test: keepFirst(test),
    notes: [...notes, 'red, green and blue were equal everywhere: one channel was kept'],
  };
}
