import type { MapMetric } from '../metric.ts';

const meanOf = (values: Float32Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** NaN where map or image is constant. */
function correlate(cam: Float32Array, image: Float32Array): number {
  const [camMean, imageMean] = [meanOf(cam), meanOf(image)];
  let [covariance, camSpread, imageSpread] = [0, 0, 0];
  cam.forEach((value, pixel) => {
    const [a, b] = [value - camMean, (image[pixel] ?? 0) - imageMean];
    covariance += a * b;
    camSpread += a ** 2;
    imageSpread += b ** 2;
  });
  return covariance / Math.sqrt(camSpread * imageSpread);
}

export const inputCorrelation = {
  of: 'map',
  title: 'input correlation',
  heading: 'Input corr.',
  short: 'Corr.',
  symbol: 'r(cam, x)',
  definition: 'Pearson’s correlation of map and image',
  unit: '',
  kind: 'index',
  better: 'higher',
  decimals: 3,
  range: [-1, 1],
  compared: true,
  undefinedWhere: 'the map or the image is constant',
  recorded: true,
  createMeasure: () => correlate,
} as const satisfies MapMetric;
