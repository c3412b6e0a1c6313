import {
  comparedMetricNames,
  comparedMetrics,
  type ComparedMetricName,
} from '../../../core/metrics/comparedMetrics.ts';
import {
  epochMetricNames,
  epochMetrics,
  isEpochMetric,
  readMetric,
  type EpochMetricName,
} from '../../../core/metrics/epochMetrics.ts';
import type { Metric } from '../../../core/metrics/metric.ts';
import type { useMeasuresStore } from '../../stores/measures.ts';
import type { ComparedRun } from './useComparedRuns.ts';

/** Every metric that a run has at an epoch: stored with it, or computed when asked for. */
export type CatalogueName = EpochMetricName | ComparedMetricName;

export const catalogueNames: readonly CatalogueName[] = [
  ...new Set<CatalogueName>(['testAccuracy', ...epochMetricNames, ...comparedMetricNames]),
];

export const catalogueMetric = (name: CatalogueName): Metric =>
  isEpochMetric(name) ? epochMetrics[name] : comparedMetrics[name];

type Measures = ReturnType<typeof useMeasuresStore>;

/** Asks for what is not stored of a metric at the runs' epochs. */
export function ensureMetric(
  measures: Measures,
  runs: readonly ComparedRun[],
  name: CatalogueName,
): void {
  if (isEpochMetric(name)) return;
  const epochs = runs.flatMap(({ summary, metrics }) =>
    metrics === null ? [] : { runId: summary.id, epoch: metrics.epoch },
  );
  void measures.ensure(epochs, [name]);
}

/** A run's value at the epoch compared; null where it has none, or none yet. */
export function readCatalogue(
  measures: Measures,
  { summary, metrics }: ComparedRun,
  name: CatalogueName,
): number | null {
  if (metrics === null) return null;
  if (isEpochMetric(name)) return readMetric(metrics, name);
  return measures.valueOf({ runId: summary.id, epoch: metrics.epoch }, name) ?? null;
}
