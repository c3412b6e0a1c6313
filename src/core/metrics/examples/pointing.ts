import { emptyMapOrImage, isForeground } from '../foreground.ts';
import type { MapMetric } from '../metric.ts';

/**
 * Pointing game (Zhang, Lin, Brandt, Shen and Sclaroff, 2016), without a tolerance: 1 where the map's
 * maximum lies on the image's foreground (x > 0.5), 0 where it does not. Where several positions share
 * the maximum, the share of them on the foreground: what one of them drawn at random would score on
 * average. NaN for an image without a foreground, which no map can hit.
 */
function computePointing(cam: Float32Array, image: Float32Array): number {
  let [largest, hits, ties, area] = [0, 0, 0, 0];
  for (let p = 0; p < cam.length; p += 1) {
    const value = cam[p] ?? 0;
    const inside = isForeground(image, p) ? 1 : 0;
    area += inside;
    if (value < largest) continue;
    if (value > largest) [largest, hits, ties] = [value, 0, 0];
    hits += inside;
    ties += 1;
  }
  return area > 0 ? hits / ties : Number.NaN;
}

export const pointing = {
  of: 'map',
  title: 'pointing game',
  heading: 'Pointing game',
  symbol: 'x[argmax cam] > ½',
  definition:
    'share of images whose map is largest on a pixel above 0.5; ties count by their share',
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
