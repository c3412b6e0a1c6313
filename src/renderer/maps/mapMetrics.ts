/** Value above which a pixel of the image, or of the map, counts as foreground. */
const foregroundThreshold = 0.5;

/** How well one map agrees with its image; NaN where undefined. */
export interface MapMetrics {
  /** Pearson's correlation, in [-1, 1]. */
  inputCorrelation: number;
  /** Share of the map's sum that lies on the image's foreground. */
  energyInside: number;
  /** Intersection over union of the two foregrounds. */
  iou: number;
}

function sum(length: number, term: (index: number) => number): number {
  let total = 0;
  for (let i = 0; i < length; i += 1) total += term(i);
  return total;
}

/**
 * The figures that are stored for the predicted class, for any other map shown: from the 8-bit map,
 * so that they may differ from those of the unquantised one in the third digit.
 *
 * @param cam values in [0,1]
 * @param image grey levels 0 to 255, as many
 */
export function computeShownMetrics(cam: Float32Array, image: Uint8Array): MapMetrics {
  const n = cam.length;
  const map = (i: number): number => cam[i] ?? 0;
  const input = (i: number): number => (image[i] ?? 0) / 255;
  const camSum = sum(n, map);
  const [camMean, imageMean] = [camSum / n, sum(n, input) / n];
  const covariance = sum(n, (i) => (map(i) - camMean) * (input(i) - imageMean));
  const camSpread = sum(n, (i) => (map(i) - camMean) ** 2);
  const imageSpread = sum(n, (i) => (input(i) - imageMean) ** 2);
  const isInside = (i: number): boolean => input(i) > foregroundThreshold;
  const isHot = (i: number): boolean => map(i) > foregroundThreshold;
  return {
    inputCorrelation: covariance / Math.sqrt(camSpread * imageSpread),
    energyInside: sum(n, (i) => (isInside(i) ? map(i) : 0)) / camSum,
    iou:
      sum(n, (i) => Number(isInside(i) && isHot(i))) /
      sum(n, (i) => Number(isInside(i) || isHot(i))),
  };
}
