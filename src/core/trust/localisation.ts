import { foregroundThreshold } from '../metrics/foreground.ts';
import { mapMetrics } from '../metrics/exampleMetrics.ts';

/** Where a map lies against a mask, each beside what a map that does not know the mask has on average. */
export interface Localisation {
  pointing: number;
  energyInside: number;
  iou: number;
  topInside: number;
  pointingGain: number;
  energyGain: number;
  iouGain: number;
  topGain: number;
}

const names = ['pointing', 'energyInside', 'iou'] as const;

/**
 * Share of the mask's area among the so many pixels of the largest values (Arras, Osman and Samek, 2022:
 * relevance rank accuracy). Of pixels that tie at the end, the share that there is room for.
 */
function shareOfTop(map: Float32Array, mask: Float32Array, area: number): number {
  const least = map.toSorted().at(-area) ?? 0;
  let [above, inside, tied, tiedInside] = [0, 0, 0, 0];
  map.forEach((value, pixel) => {
    const isInside = mask[pixel] ?? 0;
    if (value > least) [above, inside] = [above + 1, inside + isInside];
    else if (value === least) [tied, tiedInside] = [tied + 1, tiedInside + isInside];
  });
  return (inside + ((area - above) / tied) * tiedInside) / area;
}

/** IoU of areas of such shares of the image that lie without regard to each other. */
const chanceIou = (a: number, b: number): number => (a * b) / (a + b - a * b);

/**
 * What speaks for the class of a map against a mask, 1 inside and 0 outside; all NaN where nothing does or
 * the mask is empty. The pointing game counts its ties by their share; `iou` is of the map above half of its
 * maximum. The gains are the values less what chance has: the mask's share of the image, for IoU that of
 * areas as large that lie anywhere.
 */
export function localise(map: Float32Array, image: Float32Array, mask: Float32Array): Localisation {
  const most = map.reduce((largest, value) => Math.max(largest, value), 0);
  const area = mask.reduce((sum, value) => sum + value, 0);
  const size = Math.sqrt(map.length);
  const positive = map.map((value) => Math.max(0, value) / most);
  const isDefined = most > 0 && area > 0;
  const [pointing = 0, energyInside = 0, iou = 0] = names.map((name) =>
    isDefined ? mapMetrics[name].createMeasure(size)(positive, image, mask) : Number.NaN,
  );
  const topInside = isDefined ? shareOfTop(map, mask, area) : Number.NaN;
  const share = area / map.length;
  const hot = positive.filter((value) => value > foregroundThreshold).length / map.length;
  return {
    ...{ pointing, energyInside, iou, topInside },
    pointingGain: pointing - share,
    energyGain: energyInside - share,
    iouGain: iou - chanceIou(hot, share),
    topGain: topInside - share,
  };
}
