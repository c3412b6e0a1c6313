import { resizeBilinear } from '../../../core/maps/bilinear.ts';
import type { Random } from '../../../core/random.ts';
import { scoreImages, type Method } from './method.ts';

/** A grid of zeros and ones, enlarged by a cell more than the image and cut at a random shift, [S, S]. */
function drawMask(random: Random, imageSize: number, cells: number, keep: number): Float32Array {
  const grid = new Float32Array(cells ** 2);
  random.fillBernoulli(grid, keep, 1);
  const step = Math.ceil(imageSize / cells);
  const enlargedSize = (cells + 1) * step;
  const enlarged = resizeBilinear(grid, cells, enlargedSize);
  const [top, left] = [random.uniform(0, step), random.uniform(0, step)].map(Math.floor);
  const mask = new Float32Array(imageSize ** 2);
  for (let y = 0; y < imageSize; y += 1) {
    const start = (y + (top ?? 0)) * enlargedSize + (left ?? 0);
    mask.set(enlarged.subarray(start, start + imageSize), y * imageSize);
  }
  return mask;
}

/** RISE: the masks' mean, each weighted by the class's probability behind it. */
export const explainByRise: Method<'rise'> = (
  network,
  { image, targetClass, random },
  { samples, cells, keep },
) => {
  const { imageSize, channels } = network;
  // Drawn twice from one state, instead of kept: thousands of masks of a large image fill the memory.
  const again = random.clone();
  const asked = { targetClass, score: 'probability' } as const;
  const scores = scoreImages(network, asked, samples, (target) => {
    const mask = drawMask(random, imageSize, cells, keep);
    image.forEach((value, i) => {
      target[i] = (mask[Math.floor(i / channels)] ?? 0) * value;
    });
  });
  const sums = new Float64Array(imageSize ** 2);
  for (const score of scores) {
    drawMask(again, imageSize, cells, keep).forEach((share, i) => {
      sums[i] = (sums[i] ?? 0) + score * share;
    });
  }
  return Float32Array.from(sums, (sum) => sum / (samples * keep));
};
