import { floatBytes } from '../module/moduleFunctions.ts';
import type { Compute } from '../threads/compute.ts';

/** Images [count, height, width, channels] in memory. */
export interface Images {
  address: number;
  height: number;
  width: number;
  channels: number;
}

export const lengthOf = ({ height, width, channels }: Omit<Images, 'address'>): number =>
  height * width * channels;

const rowBytes = ({ width, channels }: Images): number => width * channels * floatBytes;
const imageBytes = (images: Images): number => lengthOf(images) * floatBytes;

/** Larger images, each of which holds an image at an offset. */
export interface Frame extends Images {
  top: number;
  left: number;
}

const insideOf = (frame: Frame): number =>
  frame.address + (frame.top * frame.width + frame.left) * frame.channels * floatBytes;

/** Copies images into their frames; the frames' borders stay as they are. */
export function fillFrames(compute: Compute, count: number, images: Images, frame: Frame): void {
  for (let i = 0; i < count; i += 1) {
    compute.functions.copyRows({
      source: images.address + i * imageBytes(images),
      sourceStep: rowBytes(images),
      target: insideOf(frame) + i * imageBytes(frame),
      targetStep: rowBytes(frame),
      rows: images.height,
      bytes: rowBytes(images),
    });
  }
}

/** Copies images out of their frames. */
export function readFrames(compute: Compute, count: number, frame: Frame, images: Images): void {
  for (let i = 0; i < count; i += 1) {
    compute.functions.copyRows({
      source: insideOf(frame) + i * imageBytes(frame),
      sourceStep: rowBytes(frame),
      target: images.address + i * imageBytes(images),
      targetStep: rowBytes(images),
      rows: images.height,
      bytes: rowBytes(images),
    });
  }
}
