import { defaultMask, describeMask, emptyMapOrImage, isForeground } from '../foreground.ts';
import type { MapMetric } from '../metric.ts';

function overlap(cam: Float32Array, _: Float32Array, mask: Float32Array): number {
  let [both, either, area] = [0, 0, 0];
  cam.forEach((_, pixel) => {
    const [hot, inside] = [isForeground(cam, pixel), mask[pixel] === 1];
    both += Number(hot && inside);
    either += Number(hot || inside);
    area += Number(inside);
  });
  return area > 0 ? both / either : Number.NaN;
}

/** As both were always defined, where the image's threshold is the map's. */
const definitionOn = (inside: string): string =>
  inside === describeMask(defaultMask)
    ? 'intersection over union of map and image above 0.5'
    : `intersection over union of the map above 0.5 and ${inside}`;

export const iou = {
  of: 'map',
  title: 'IoU',
  heading: 'IoU',
  symbol: '|A ∩ B| / |A ∪ B|',
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
  createMeasure: () => overlap,
} as const satisfies MapMetric;
