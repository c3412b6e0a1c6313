import { calibrate, usualBins } from '../calibration.ts';
import type { PredictionSetMetric } from '../metric.ts';

export const calibrationError = {
  of: 'predictions',
  title: 'expected calibration error',
  heading: 'ECE',
  symbol: '',
  definition: `mean over the test images of |accuracy − mean confidence| of the bin of their confidence, ${usualBins} bins of equal width`,
  unit: '',
  kind: 'share',
  better: 'lower',
  decimals: 2,
  range: [0, 1],
  measure: (predictions) => calibrate(predictions, usualBins).expectedError,
} as const satisfies PredictionSetMetric;
