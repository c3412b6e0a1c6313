import { countWindows } from '../../../core/explainers/occlusion.ts';
import { baselineValues, scoreImages, type Method } from './method.ts';

/** Visits the pixels of a square at a place; what reaches over the edge is left out. */
function visitWindow(
  imageSize: number,
  { top, left, window }: { top: number; left: number; window: number },
  visit: (pixel: number) => void,
): void {
  for (let y = top; y < Math.min(top + window, imageSize); y += 1) {
    for (let x = left; x < Math.min(left + window, imageSize); x += 1) visit(y * imageSize + x);
  }
}

/** Occlusion: what the score loses under each window, averaged for each pixel over those that cover it. */
export const explainByOcclusion: Method<'occlusion'> = (
  network,
  { image, targetClass },
  { window, stride, score, baseline },
) => {
  const { imageSize, channels } = network;
  const places = countWindows(imageSize, window, stride);
  const placeOf = (index: number) => ({
    ...{ top: Math.floor(index / places) * stride, left: (index % places) * stride, window },
  });
  const cover = baselineValues(baseline, network);
  // The first is the image as it is.
  const scores = scoreImages(network, { targetClass, score }, places ** 2 + 1, (target, i) => {
    target.set(image);
    if (i === 0) return;
    visitWindow(imageSize, placeOf(i - 1), (pixel) => {
      const start = pixel * channels;
      target.set(cover.subarray(start, start + channels), start);
    });
  });
  const [lost, windows] = [new Float64Array(imageSize ** 2), new Float64Array(imageSize ** 2)];
  for (let i = 0; i < places ** 2; i += 1) {
    visitWindow(imageSize, placeOf(i), (pixel) => {
      lost[pixel] = (lost[pixel] ?? 0) + (scores[0] ?? 0) - (scores[i + 1] ?? 0);
      windows[pixel] = (windows[pixel] ?? 0) + 1;
    });
  }
  return Float32Array.from(lost, (sum, pixel) => sum / Math.max(1, windows[pixel] ?? 0));
};
