import type { MeanImages } from '../../metrics/metric.ts';
import type { RunLabel } from '../figure.ts';
import type { EpochMetricName } from '../../metrics/epochMetrics.ts';
import { cutToRange } from '../metrics.ts';
import { foldColumns } from '../../statistics/foldSeeds.ts';

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
  const folded = foldColumns(runs.map(({ values }) => values[metric] ?? []));
  return folded.flatMap((point, epoch) =>
    point === null || epoch < fromEpoch
      ? []
      : { epoch, mean: point.mean, deviation: point.deviation ?? 0, count: point.n },
  );
}

/** One standard deviation to either side, as far as the metric can have such values. */
export const bandOf = (metric: EpochMetricName, { mean: centre, deviation }: CurvePoint) =>
  cutToRange(metric, centre - deviation, centre + deviation);
