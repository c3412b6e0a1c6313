import { emptyMapOrImage, isForeground } from '../foreground.ts';
import type { MapMetric } from '../metric.ts';

function shareInside(cam: Float32Array, image: Float32Array): number {
  let [inside, all, area] = [0, 0, 0];
  cam.forEach((value, pixel) => {
    all += value;
    if (!isForeground(image, pixel)) return;
    inside += value;
    area += 1;
  });
  return area > 0 ? inside / all : Number.NaN;
}

export const energyInside = {
  of: 'map',
  title: 'energy inside',
  heading: 'Energy inside',
  short: 'Energy',
  symbol: 'Σₚ camₚ [xₚ > ½] / Σₚ camₚ',
  definition: 'share of the map on pixels above 0.5',
  unit: '',
  kind: 'index',
  better: 'higher',
  decimals: 3,
  range: [0, 1],
  compared: true,
  undefinedWhere: emptyMapOrImage,
  recorded: true,
  createMeasure: () => shareInside,
} as const satisfies MapMetric;
