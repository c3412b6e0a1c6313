import { defaultMask, describeMask, emptyMapOrImage } from '../foreground.ts';
import type { MapMetric } from '../metric.ts';

/**
 * Pointing game (Zhang, Lin, Brandt, Shen and Sclaroff, 2016), without a tolerance: 1 where the map's
 * maximum lies inside the image's mask, 0 where it does not. Where several positions share
 * the maximum, the share of them inside: what one of them drawn at random would score on
 * average. NaN for an image with an empty mask, which no map can hit.
 */
function computePointing(cam: Float32Array, _: Float32Array, mask: Float32Array): number {
  let [largest, hits, ties, area] = [0, 0, 0, 0];
  for (let p = 0; p < cam.length; p += 1) {
    const value = cam[p] ?? 0;
    const inside = mask[p] ?? 0;
    area += inside;
    if (value < largest) continue;
    if (value > largest) [largest, hits, ties] = [value, 0, 0];
    hits += inside;
    ties += 1;
  }
  return area > 0 ? hits / ties : Number.NaN;
}

const definitionOn = (inside: string): string =>
  `share of images whose map is largest ${inside.replace(/^pixels/, 'on a pixel')}; ties count by their share`;

export const pointing = {
  of: 'map',
  title: 'pointing game',
  heading: 'Pointing game',
  symbol: 'x[argmax cam] > ½',
  definition: definitionOn(describeMask(defaultMask)),
  definitionOn,
  unit: '',
  kind: 'index',
  better: 'higher',
  decimals: 3,
  range: [0, 1],
  compared: true,
  undefinedWhere: emptyMapOrImage,
  recorded: false,
  createMeasure: () => computePointing,
} as const satisfies MapMetric;
