import type { MeanImages } from '../../metrics/metric.ts';
import type { RunLabel } from '../figure.ts';
import type { EpochMetricName } from '../../metrics/epochMetrics.ts';
import { cutToRange } from '../metrics.ts';
import { mean, standardDeviation } from '../statistics.ts';

/** One run, or the runs of one configuration with different seeds. */
export interface CurveSeries {
  name: string;
  paradigm: string;
  runs: {
    run: RunLabel;
    bestEpoch: number | null;
    /** By metric, one value per epoch from 0; null where undefined. */
    values: Partial<Record<EpochMetricName, (number | null)[]>>;
    /** Over how many images each of them is; null for what is no mean of maps. */
    images: Partial<Record<EpochMetricName, (MeanImages | null)[]>>;
  }[];
}

export interface TrainingCurvesData {
  metrics: EpochMetricName[];
  /** First epoch drawn: the untrained network's values can dwarf all others. */
  fromEpoch: number;
  /** Whether all runs minimise the same quantity. */
  haveOneObjective: boolean;
  /** Of the arithmetic behind the epochs. */
  versions: number[];
  series: CurveSeries[];
}

export interface CurvePoint {
  epoch: number;
  mean: number;
  /** Standard deviation over the runs; 0 for one. */
  deviation: number;
  /** Runs that have this epoch. */
  count: number;
}

/** Mean and spread over the runs, at every epoch that all of them reached with a defined value. */
export function foldSeries(
  { runs }: CurveSeries,
  metric: EpochMetricName,
  fromEpoch = 0,
): CurvePoint[] {
  const columns = runs.map(({ values }) => values[metric] ?? []);
  const shortest = columns.reduce((least, { length }) => Math.min(least, length), Infinity);
  const points: CurvePoint[] = [];
  for (let epoch = fromEpoch; epoch < shortest; epoch += 1) {
    const values = columns.flatMap((column) => column[epoch] ?? []);
    if (values.length < columns.length) continue;
    points.push({
      epoch,
      mean: mean(values),
      deviation: standardDeviation(values),
      count: values.length,
    });
  }
  return points;
}

/** One standard deviation to either side, as far as the metric can have such values. */
export const bandOf = (metric: EpochMetricName, { mean: centre, deviation }: CurvePoint) =>
  cutToRange(metric, centre - deviation, centre + deviation);
