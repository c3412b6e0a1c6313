import { AfterimageError } from '../../core/errors.ts';
import { computeCalibration } from '../../core/figures/calibration.ts';
import { decideAll, type PredictionColumns } from '../../core/figures/columns.ts';
import { metricValue, type EpochMetric, type ExampleMetric } from '../../core/figures/metrics.ts';
import { countBins } from '../../core/figures/statistics.ts';
import type { SpecOf } from '../../core/figures/spec.ts';
import type { FigureData } from '../../core/figures/templates.ts';
import { meanImages } from '../../core/metrics/meanImages.ts';
import { listVersions } from '../../core/numericsVersion.ts';
import { haveOneObjective } from '../../core/config/objectives.ts';
import type { EpochMetrics, Run } from '../../core/records.ts';
import type { RunConfigKey } from '../../core/config/runConfig.ts';
import { labelRun, requireOneDataset, requireTwoRuns, resolveEpoch } from './figureRuns.ts';
import type { FigureSource } from './figureSource.ts';
import { judgedEpoch } from './tables.ts';

/** The runs, each once, of one data set. */
function findRuns(source: FigureSource, names: readonly string[]): Run[] {
  const ids = new Set(names.map((name) => source.resolveRun(name)));
  const runs = [...ids].map((id) => source.getRun(id));
  requireOneDataset(runs, source);
  return runs;
}

/** Runs by configuration, in the order in which the first of each was named. */
function groupByConfig(runs: readonly Run[]): Run[][] {
  const groups = Map.groupBy(runs, ({ config }) => JSON.stringify(config));
  return [...groups.values()];
}

/** What the names of the seeds of one configuration have in common. */
function nameGroup(runs: readonly Run[]): string {
  const [first, ...others] = runs.map(({ name }) => name);
  if (first === undefined || others.length === 0) return first ?? '';
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length -= 1;
  const common = first.slice(0, length).replace(/[\s,;:(#-]*(seed)?[\s,;:(#-]*$/u, '');
  return common === '' ? `paradigm ${runs[0]?.config.paradigm ?? ''}` : common;
}

export function gatherTrainingCurves(
  spec: SpecOf<'training-curves'>,
  source: FigureSource,
): FigureData['training-curves'] {
  const runs = findRuns(source, spec.runs);
  // A run that has only begun is drawn by its untrained network.
  for (const run of runs) resolveEpoch(run, spec.fromEpoch > 1 ? spec.fromEpoch : 0);
  const groups = spec.groupSeeds ? groupByConfig(runs) : runs.map((run) => [run]);
  const metrics = [...new Set(spec.metrics)];
  const byMetric = <T>(run: Run, read: (epoch: EpochMetrics, metric: EpochMetric) => T) =>
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
      paradigm: group[0]?.config.paradigm ?? 'C',
      runs: group.map((run) => ({
        run: labelRun(run),
        bestEpoch: run.bestEpoch,
        values: byMetric(run, metricValue),
        images: byMetric(run, meanImages),
      })),
    })),
  };
}

export function gatherConfusionMatrix(
  spec: SpecOf<'confusion-matrix'>,
  source: FigureSource,
): FigureData['confusion-matrix'] {
  const run = source.getRun(source.resolveRun(spec.run));
  const epoch = resolveEpoch(run, spec.epoch);
  const columns = source.getPredictions(run.id, epoch);
  const { classNames } = source.getDataset(run.id);
  const counts = classNames.map(() => new Array<number>(classNames.length).fill(0));
  const { predictedClasses } = decideAll(columns);
  columns.labels.forEach((label, i) => {
    const [row, predicted] = [counts[label], predictedClasses[i] ?? 0];
    if (row) row[predicted] = (row[predicted] ?? 0) + 1;
  });
  return { run: labelRun(run), epoch, classNames, counts, values: spec.values };
}

/** Of the arithmetic behind one epoch of each run. */
const versionsOf = (runs: readonly Run[], shown: readonly { epoch: number }[]): number[] =>
  listVersions(
    runs.flatMap(({ epochs }, i) => epochs.find(({ epoch }) => epoch === shown[i]?.epoch) ?? []),
  );

export function gatherReliability(
  spec: SpecOf<'reliability-diagram'>,
  source: FigureSource,
): FigureData['reliability-diagram'] {
  const runs = findRuns(source, spec.runs);
  const panels = runs.map((run) => {
    const epoch = resolveEpoch(run, spec.epoch);
    const { confidence, correct } = decideAll(source.getPredictions(run.id, epoch));
    const calibration = computeCalibration(confidence, correct, spec.bins);
    return { run: labelRun(run), epoch, images: confidence.length, calibration };
  });
  return { panels, versions: versionsOf(runs, panels) };
}

export function gatherConfidenceHistogram(
  spec: SpecOf<'confidence-histogram'>,
  source: FigureSource,
): FigureData['confidence-histogram'] {
  const runs = findRuns(source, spec.runs);
  const series = runs.map((run) => {
    const epoch = resolveEpoch(run, spec.epoch);
    const { confidence } = decideAll(source.getPredictions(run.id, epoch));
    return {
      run: labelRun(run),
      epoch,
      images: confidence.length,
      unsure: confidence.filter((value) => value < spec.threshold).length,
      counts: countBins(confidence, [0, 1], spec.bins),
    };
  });
  const { threshold, countScale } = spec;
  return { threshold, countScale, series, versions: versionsOf(runs, series) };
}

/** INVALID_ARGUMENT if runs of one paradigm differ in more than the swept setting: no line joins them. */
function requireOneSweep(runs: readonly Run[], sweep: RunConfigKey): void {
  for (const group of Map.groupBy(runs, ({ config }) => config.paradigm).values()) {
    const [first] = group;
    const keys = Object.keys(first?.config ?? {}) as RunConfigKey[];
    for (const run of group) {
      const other = keys.find((key) => key !== sweep && run.config[key] !== first?.config[key]);
      if (other === undefined) continue;
      throw new AfterimageError(
        'INVALID_ARGUMENT',
        `Runs ${first?.name ?? ''} and ${run.name} differ in ${other}, not in ${sweep} alone.`,
        'Give runs that differ in the swept setting and their seeds only, or sweep another setting.',
      );
    }
  }
}

/** By the swept value, numbers by their size. */
function compareValues(a: string, b: string): number {
  const [first, second] = [Number(a), Number(b)];
  return Number.isNaN(first - second) ? Number(a > b) - Number(a < b) : first - second;
}

export function gatherAccuracyFidelity(
  spec: SpecOf<'accuracy-fidelity'>,
  source: FigureSource,
): FigureData['accuracy-fidelity'] {
  const runs = findRuns(source, spec.runs);
  requireOneSweep(runs, spec.sweep);
  const points = groupByConfig(runs).map((group) => ({
    paradigm: group[0]?.config.paradigm ?? 'C',
    value: String(group[0]?.config[spec.sweep] ?? 'none'),
    name: nameGroup(group),
    runs: group.map((run) => judgeRun(run, spec)),
  }));
  points.sort((a, b) => a.paradigm.localeCompare(b.paradigm) || compareValues(a.value, b.value));
  return {
    sweep: spec.sweep,
    fidelity: spec.fidelity,
    accuracy: spec.accuracy,
    points,
    haveOneObjective: haveOneObjective(runs.map(({ config }) => config)),
    versions: listVersions(runs.flatMap((run) => judgedEpoch(run) ?? [])),
  };
}

/** A run at its best epoch, or INVALID_ARGUMENT where one of the two metrics is undefined there. */
function judgeRun(run: Run, spec: SpecOf<'accuracy-fidelity'>) {
  resolveEpoch(run, 'best');
  const metrics = judgedEpoch(run);
  const fidelity = metrics && metricValue(metrics, spec.fidelity);
  const accuracy = metrics && metricValue(metrics, spec.accuracy);
  if (metrics === undefined || fidelity == null || accuracy == null)
    throw undefinedMetric(run, spec);
  return {
    run: labelRun(run),
    epoch: metrics.epoch,
    fidelity,
    accuracy,
    fidelityImages: meanImages(metrics, spec.fidelity),
    accuracyImages: meanImages(metrics, spec.accuracy),
  };
}

const undefinedMetric = (
  run: Run,
  { fidelity, accuracy }: SpecOf<'accuracy-fidelity'>,
): AfterimageError =>
  new AfterimageError(
    'INVALID_ARGUMENT',
    `Run ${run.name} has no ${fidelity} or no ${accuracy} at its best epoch.`,
    'Leave the run out or choose other metrics.',
  );

/** By test image; NaN where undefined. */
function readMetric(columns: PredictionColumns, metric: ExampleMetric): Map<number, number> {
  const values = metric === 'confidence' ? decideAll(columns).confidence : columns[metric];
  return new Map(Array.from(columns.exampleIds, (id, i) => [id, values[i] ?? Number.NaN]));
}

export function gatherMetricDistribution(
  spec: SpecOf<'metric-distribution'>,
  source: FigureSource,
): FigureData['metric-distribution'] {
  const runs = requireTwoRuns(spec.runs.map((name) => source.getRun(source.resolveRun(name))));
  requireOneDataset(runs, source);
  const [first, second] = runs.map((run) => {
    const epoch = resolveEpoch(run, spec.epoch);
    const values = readMetric(source.getPredictions(run.id, epoch), spec.metric);
    return { run: labelRun(run), epoch, values };
  });
  if (first === undefined || second === undefined) throw new RangeError('two runs are compared');
  const exampleIds = [...first.values.keys()].filter((id) => second.values.has(id));
  const pick = (of: typeof first) => ({
    ...of,
    values: exampleIds.map((id) => {
      const value = of.values.get(id) ?? Number.NaN;
      return Number.isFinite(value) ? value : null;
    }),
  });
  const sides = [pick(first), pick(second)] as const;
  if (!exampleIds.some((_, i) => sides.every(({ values }) => values[i] !== null))) {
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      `Runs ${first.run.name} and ${second.run.name} share no test image with a defined ${spec.metric}.`,
      'Compare runs that were evaluated on the same images.',
    );
  }
  const { metric, countScale } = spec;
  const versions = versionsOf(runs, sides);
  return { metric, countScale, first: sides[0], second: sides[1], exampleIds, versions };
}
