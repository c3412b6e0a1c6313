import { spreadIndices } from '../../core/arrays.ts';
import type { DatasetContent } from '../../core/formats/datasetFile.ts';
import { encodeSafetensors } from '../../core/formats/safetensors.ts';
import { gatherImages, shapeOfImages, valuesPerImage } from '../../core/pixels.ts';

/** Of each class, of all classes together, and what their pixels may take. */
const most = { ofClass: 8, images: 256, bytes: 3 * 2 ** 20 };

/**
 * A few training images of each class, for people to look at before a set is stored: a safetensors file in
 * base64 with images U8 [N, S, S] or [N, S, S, 3] and labels U8 [N], class by class.
 */
export function encodeSamples(
  content: Pick<DatasetContent, 'train' | 'classNames' | 'imageSize' | 'channels'>,
): string {
  const { train, classNames } = content;
  const room = Math.min(most.images, Math.floor(most.bytes / valuesPerImage(content)));
  const ofClass = Math.min(most.ofClass, Math.max(1, Math.floor(room / classNames.length)));
  const places: number[][] = classNames.map(() => []);
  train.labels.forEach((label, place) => places[label]?.push(place));
  const chosen = places
    .flatMap((own) => spreadIndices(own.length, ofClass).map((i) => own[i] ?? 0))
    .slice(0, room);
  const images = gatherImages(train.images, chosen, content);
  const labels = Uint8Array.from(chosen, (place) => train.labels[place] ?? 0);
  const tensors = {
    images: { shape: shapeOfImages(chosen.length, content), values: images },
    labels: { shape: [chosen.length], values: labels },
  };
  return Buffer.from(encodeSafetensors({ tensors, metadata: {} })).toString('base64');
}
