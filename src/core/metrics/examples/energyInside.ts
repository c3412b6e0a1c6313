import { defaultMask, describeMask, emptyMapOrImage } from '../foreground.ts';
import type { MapMetric } from '../metric.ts';

function shareInside(cam: Float32Array, _: Float32Array, mask: Float32Array): number {
  let [inside, all, area] = [0, 0, 0];
  cam.forEach((value, pixel) => {
    all += value;
    if (mask[pixel] !== 1) return;
    inside += value;
    area += 1;
  });
  return area > 0 ? inside / all : Number.NaN;
}

const definitionOn = (inside: string): string => `share of the map on ${inside}`;

export const energyInside = {
  of: 'map',
  title: 'energy inside',
  heading: 'Energy inside',
  short: 'Energy',
  symbol: 'Σₚ camₚ [xₚ > ½] / Σₚ camₚ',
  definition: definitionOn(describeMask(defaultMask)),
  definitionOn,
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
