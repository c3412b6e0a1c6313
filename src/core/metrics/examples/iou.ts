import { emptyMapOrImage, isForeground } from '../foreground.ts';
import type { MapMetric } from '../metric.ts';

function overlap(cam: Float32Array, image: Float32Array): number {
  let [both, either, area] = [0, 0, 0];
  cam.forEach((_, pixel) => {
    const [hot, inside] = [isForeground(cam, pixel), isForeground(image, pixel)];
    both += Number(hot && inside);
    either += Number(hot || inside);
    area += Number(inside);
  });
  return area > 0 ? both / either : Number.NaN;
}

export const iou = {
  of: 'map',
  title: 'IoU',
  heading: 'IoU',
  symbol: '|A ∩ B| / |A ∪ B|',
  definition: 'intersection over union of map and image above 0.5',
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
