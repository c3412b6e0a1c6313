import { haveOneObjective } from '../../config/objectives.ts';
import { meanImages, type EpochMetricName } from '../../metrics/epochMetrics.ts';
import { listVersions } from '../../numericsVersion.ts';
import type { EpochMetrics, Run } from '../../records.ts';
import { findRuns, groupByConfig, nameGroup, paradigmOfAll } from '../charts/gather.ts';
import { plottedValue } from '../metrics.ts';
import { labelRun, resolveEpoch } from '../runs.ts';
import type { FigureSource } from '../source.ts';
import type { TrainingCurvesData } from './curveSeries.ts';
import type { TrainingCurvesSpec } from './spec.ts';

export function gather(spec: TrainingCurvesSpec, source: FigureSource): TrainingCurvesData {
  const runs = findRuns(source, spec.runs);
  // A run that has only begun is drawn by its untrained network.
  for (const run of runs) resolveEpoch(run, spec.fromEpoch > 1 ? spec.fromEpoch : 0);
  const alone = ', or draw each run as a line of its own (groupSeeds: false)';
  const groups = spec.groupSeeds ? groupByConfig(runs, alone) : runs.map((run) => [run]);
  const metrics = [...new Set(spec.metrics)];
  const byMetric = <T>(run: Run, read: (epoch: EpochMetrics, metric: EpochMetricName) => T) =>
    Object.fromEntries(
      metrics.map((metric) => [metric, run.epochs.map((epoch) => read(epoch, metric))]),
    );
  return {
    metrics,
    fromEpoch: spec.fromEpoch,
    haveOneObjective: haveOneObjective(runs.map(({ config }) => config)),
    versions: listVersions(runs.flatMap(({ epochs }) => epochs)),
    series: groups.map((group) => ({
      name: nameGroup(group),
      paradigm: paradigmOfAll(group),
      runs: group.map((run) => ({
        run: labelRun(run),
        bestEpoch: run.bestEpoch,
        values: byMetric(run, plottedValue),
        images: byMetric(run, meanImages),
      })),
    })),
  };
}
