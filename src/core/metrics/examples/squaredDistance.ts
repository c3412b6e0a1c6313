import { emptyMap } from '../foreground.ts';
import type { MapMetric } from '../metric.ts';

function measureDistance(cam: Float32Array, image: Float32Array): number {
  let sum = 0;
  cam.forEach((value, pixel) => {
    const difference = value - (image[pixel] ?? 0);
    sum += difference * difference;
  });
  return sum / cam.length;
}

export const squaredDistance = {
  of: 'map',
  title: 'squared distance',
  heading: 'Sq. distance',
  symbol: 'meanₚ (camₚ − xₚ)²',
  definition: 'mean over pixels of (map − image)²',
  unit: '',
  kind: 'index',
  better: 'lower',
  decimals: 4,
  range: [0, 1],
  compared: true,
  undefinedWhere: emptyMap,
  recorded: false,
  createMeasure: () => measureDistance,
} as const satisfies MapMetric;
