import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { standardDeviation } from './describe.ts';

/** Half the width of the 95% interval of the mean by Student's t; null for fewer than two values. */
export const intervalHalfWidth = (values: readonly number[]): number | null =>
  values.length < 2
    ? null
    : (tQuantile(0.975, values.length - 1) * standardDeviation(values)) / Math.sqrt(values.length);
