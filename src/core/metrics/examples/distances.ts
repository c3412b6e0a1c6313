import { emptyMap } from '../foreground.ts';
import type { MapMetric } from '../metric.ts';

/** Mean over pixels of what `cost` makes of the difference of map and image. */
const meanOver =
  (cost: (difference: number) => number) =>
  (cam: Float32Array, image: Float32Array): number => {
    let sum = 0;
    cam.forEach((value, pixel) => {
      sum += cost(value - (image[pixel] ?? 0));
    });
    return sum / cam.length;
  };

const distance = {
  of: 'map',
  unit: '',
  kind: 'index',
  better: 'lower',
  decimals: 4,
  range: [0, 1],
  compared: true,
  undefinedWhere: emptyMap,
  recorded: false,
} as const;

export const absoluteDistance = {
  ...distance,
  title: 'absolute distance',
  heading: 'Abs. distance',
  symbol: 'meanₚ |camₚ − xₚ|',
  definition: 'mean over pixels of |map − image|',
  createMeasure: () => meanOver(Math.abs),
} as const satisfies MapMetric;

export const squaredDistance = {
  ...distance,
  title: 'squared distance',
  heading: 'Sq. distance',
  symbol: 'meanₚ (camₚ − xₚ)²',
  definition: 'mean over pixels of (map − image)²',
  createMeasure: () => meanOver((difference) => difference * difference),
} as const satisfies MapMetric;
