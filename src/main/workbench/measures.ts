import { readColumn } from '../../core/figures/columns.ts';
import type {
  ComparedMetricName,
  Measure,
  RunMeasures,
} from '../../core/metrics/comparedMetrics.ts';
import {
  byName,
  comparedExampleMetricNames,
  isDerived,
  type ComparedExampleMetricName,
} from '../../core/metrics/exampleMetrics.ts';
import { comparedEpochMetricNames, epochMetrics } from '../../core/metrics/epochMetrics.ts';
import type { Predictions } from '../../core/metrics/metric.ts';
import {
  predictionSetMetricNames,
  predictionSetMetrics,
} from '../../core/metrics/predictionSetMetrics.ts';
import type { EpochChoice } from '../../core/statistics/comparison.ts';
import { AfterimageError } from '../../core/errors.ts';
import type { EpochMetrics, Run } from '../../core/records.ts';
import { noEpochYet } from '../../core/unbegunRun.ts';
import type { MeasuredExamples } from '../../core/statistics/compareExamples.ts';
import { judgedEpoch } from '../../core/metrics/judgedEpoch.ts';
import { breathe, type LongTaskOptions } from '../platform/longTask.ts';
import type { History } from '../store/history.ts';
import type { DerivedMetrics } from './derivedMetrics.ts';

/** The metrics of the epoch that a choice means for a run; NOT_FOUND if the run does not have it. */
export function chooseEpoch(run: Run, choice: EpochChoice): EpochMetrics {
  const { epochs, name } = run;
  const chosen =
    choice === 'best'
      ? judgedEpoch(run)
      : choice === 'last'
        ? epochs.at(-1)
        : epochs.find(({ epoch }) => epoch === choice);
  if (chosen) return chosen;
  const last = epochs.at(-1);
  if (last === undefined) throw noEpochYet(run);
  throw new AfterimageError(
    'NOT_FOUND',
    `Run ${name} has no epoch ${choice}.`,
    `Choose one up to ${last.epoch}.`,
  );
}

/** A run's test images at one epoch. */
export interface RunExamples extends MeasuredExamples {
  exampleIds: Uint32Array;
  predictions: Predictions;
}

export interface MeasureParts {
  history: History;
  derivedMetrics: DerivedMetrics;
}

/** @param withDerived whether the metrics that are computed from the maps are wanted; else NaN */
export async function measureExamples(
  { history, derivedMetrics }: MeasureParts,
  runId: string,
  epoch: number,
  { withDerived, ...options }: LongTaskOptions & { withDerived: boolean },
): Promise<RunExamples> {
  const stored = history.examples.getEpoch(runId, epoch);
  const { exampleIds, labels } = stored;
  const derived = withDerived ? await derivedMetrics.compute(runId, stored, options) : null;
  const columnOf = (name: ComparedExampleMetricName): Float32Array =>
    isDerived(name)
      ? (derived?.[name] ?? new Float32Array(labels.length).fill(Number.NaN))
      : readColumn(stored, name);
  return {
    exampleIds,
    correct: Uint8Array.from(labels, (label, i) => (stored.predictedClasses[i] === label ? 1 : 0)),
    values: byName(comparedExampleMetricNames, columnOf),
    predictions: stored,
  };
}

/** Mean over the images that have a value. */
function summarize(values: Float32Array): Measure {
  const defined = values.filter((value) => !Number.isNaN(value));
  const n = defined.length;
  const images = values.length;
  if (n === 0) return { value: null, standardError: null, n, images };
  const mean = defined.reduce((sum, value) => sum + value, 0) / n;
  const squares = defined.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const standardError = n < 2 ? null : Math.sqrt(squares / (n - 1) / n);
  return { value: mean, standardError, n, images };
}

/** All metrics of a run at one epoch; those of the maps are null unless `metrics` asks for one. */
export async function measureRun(
  parts: MeasureParts,
  run: Run,
  epoch: EpochMetrics,
  { metrics, ...options }: LongTaskOptions & { metrics: readonly ComparedMetricName[] },
): Promise<RunMeasures> {
  const withDerived = metrics.some(isDerived);
  const examples = await measureExamples(parts, run.id, epoch.epoch, { ...options, withDerived });
  const ofAll = byName(predictionSetMetricNames, (name): Measure => {
    const value = predictionSetMetrics[name].measure(examples.predictions);
    const images = examples.correct.length;
    return { value, n: images, images, standardError: null };
  });
  const right = summarize(Float32Array.from(examples.correct));
  return {
    ...ofAll,
    ...byName(comparedExampleMetricNames, (name) => summarize(examples.values[name])),
    ...byName(comparedEpochMetricNames, (name): Measure => {
      const standardError = name === 'testAccuracy' ? right.standardError : null;
      return { ...right, value: epochMetrics[name].read(epoch), standardError };
    }),
  };
}

/** Values of metrics at an epoch of each run, in the order of the runs. */
export async function measureEpochs(
  parts: MeasureParts,
  runs: readonly { runId: string; epoch: number }[],
  options: LongTaskOptions & { metrics: readonly ComparedMetricName[] },
): Promise<Partial<Record<ComparedMetricName, number | null>>[]> {
  const measured = [];
  for (const [done, { runId, epoch }] of runs.entries()) {
    await breathe();
    options.signal?.throwIfAborted();
    options.onProgress?.({ step: 'Measuring runs', done, total: runs.length });
    const run = parts.history.runs.get(runId);
    const measures = await measureRun(parts, run, chooseEpoch(run, epoch), options);
    measured.push(byName(options.metrics, (name) => measures[name].value));
  }
  return measured;
}
