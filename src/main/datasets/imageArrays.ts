import type { Channels } from '../../core/pixels.ts';
import type { ByteStream } from '../platform/byteStream.ts';
import { applyChoices, storedBytes, type ImageChoices } from './imageChoices.ts';

/** What a header says of images [count, height, width, channels] of unsigned bytes. */
export interface ImageArray {
  count: number;
  height: number;
  width: number;
  channels: Channels;
}

/** Images, and whether the stream held as many bytes as was announced. */
export interface TakenImages extends ImageArray {
  images: Uint8Array;
  fit: 'whole' | 'short' | 'long';
  /** Bytes that were there, where those are too few. */
  found: number;
}

/** Images scaled at once; sharp runs them on the thread pool. */
const mostAtOnce = 32;

const isKept = ({ width, height, channels }: ImageArray, choices: ImageChoices): boolean =>
  (choices.resize === null || (choices.resize === width && choices.resize === height)) &&
  (choices.channels === null || choices.channels === channels);

/**
 * Takes all images of an array as they are to be stored. What is to be scaled is so piece by piece: the
 * whole is never held at the size that it had.
 */
export async function takeImages(
  content: ByteStream,
  array: ImageArray,
  choices: ImageChoices,
): Promise<TakenImages> {
  const { count, width, height, channels } = array;
  const length = width * height * channels;
  if (isKept(array, choices)) {
    const { bytes, fit } = await content.takeRest(count * length);
    return { ...array, images: bytes, fit, found: bytes.length };
  }
  const stored = storedBytes(array, choices);
  const images = new Uint8Array(count * stored);
  const taken = {
    count,
    width: choices.resize ?? width,
    height: choices.resize ?? height,
    channels: choices.channels ?? channels,
    images,
  };
  for (let first = 0; first < count; first += mostAtOnce) {
    const many = Math.min(mostAtOnce, count - first);
    const bytes = await content.take(many * length);
    const found = first * length + bytes.length;
    if (bytes.length < many * length) return { ...taken, fit: 'short', found };
    const scaled = await Promise.all(
      Array.from({ length: many }, (_, i) => {
        const levels = bytes.subarray(i * length, (i + 1) * length);
        return applyChoices({ levels, width, height, channels }, choices);
      }),
    );
    scaled.forEach(({ levels }, i) => {
      images.set(levels, (first + i) * stored);
    });
  }
  const fit = (await content.isAtEnd()) ? 'whole' : 'long';
  return { ...taken, fit, found: count * length };
}
