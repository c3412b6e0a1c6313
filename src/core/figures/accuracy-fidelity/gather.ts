import { haveOneObjective, paradigmOf } from '../../config/objectives.ts';
import type { RunConfig } from '../../config/runConfig.ts';
import { findPaths, shortKey } from '../../config/settingKeys.ts';
import { settingTitle } from '../../config/settingTitle.ts';
import { differingPaths, settingAt, valueAt, whyUnused } from '../../config/settingValues.ts';
import { AfterimageError } from '../../errors.ts';
import { judgedEpoch } from '../../metrics/judgedEpoch.ts';
import { meanImages } from '../../metrics/epochMetrics.ts';
import { listVersions } from '../../numericsVersion.ts';
import type { Run } from '../../records.ts';
import { findRuns, groupByConfig, nameGroup, paradigmOfAll } from '../charts/gather.ts';
import { plottedValue } from '../metrics.ts';
import { labelRun, resolveEpoch } from '../runs.ts';
import type { FigureSource } from '../source.ts';
import type { AccuracyFidelityData } from './figure.ts';
import type { AccuracyFidelitySpec } from './spec.ts';

/** INVALID_ARGUMENT if runs of one paradigm differ in more than the swept setting: no line joins them. */
function requireOneSweep(runs: readonly Run[], sweep: string): void {
  const swept = findPaths(sweep);
  const isSwept = (path: string): boolean =>
    swept.some((own) => path === own || path.startsWith(`${own}.`));
  for (const group of Map.groupBy(runs, ({ config }) => paradigmOf(config)).values()) {
    const [first, ...others] = group;
    if (first === undefined) continue;
    for (const run of others) {
      const other = differingPaths([first.config, run.config]).find((path) => !isSwept(path));
      if (other === undefined) continue;
      throw new AfterimageError(
        'INVALID_ARGUMENT',
        `Runs ${first.name} and ${run.name} differ in ${other}, not in ${sweep} alone.`,
        'Give runs that differ in the swept setting and their seeds only, or sweep another setting.',
      );
    }
  }
}

/** The swept value of a configuration; null where it has none, or none that changes anything. */
function sweptValue(config: RunConfig | undefined, sweep: string): string | null {
  if (config === undefined) return null;
  const setting = findPaths(sweep)
    .map((path) => settingAt(config, path))
    .find((found) => found !== undefined);
  if (setting === undefined || whyUnused(setting, config) !== '') return null;
  return String(valueAt(config, setting.path) ?? 'none');
}

/** By the swept value, numbers by their size. */
function compareValues(a: string | null, b: string | null): number {
  if (a === null || b === null) return 0;
  const [first, second] = [Number(a), Number(b)];
  return Number.isNaN(first - second) ? Number(a > b) - Number(a < b) : first - second;
}

export function gather(spec: AccuracyFidelitySpec, source: FigureSource): AccuracyFidelityData {
  const runs = findRuns(source, spec.runs);
  requireOneSweep(runs, spec.sweep);
  const points = groupByConfig(runs).map((group) => ({
    paradigm: paradigmOfAll(group),
    value: sweptValue(group[0]?.config, spec.sweep),
    name: nameGroup(group),
    runs: group.map((run) => judgeRun(run, spec)),
  }));
  points.sort((a, b) => a.paradigm.localeCompare(b.paradigm) || compareValues(a.value, b.value));
  return {
    sweep: {
      key: shortKey(spec.sweep),
      title: settingTitle(findPaths(spec.sweep)[0] ?? spec.sweep),
    },
    fidelity: spec.fidelity,
    accuracy: spec.accuracy,
    points,
    haveOneObjective: haveOneObjective(runs.map(({ config }) => config)),
    versions: listVersions(runs.flatMap((run) => judgedEpoch(run) ?? [])),
  };
}

/** A run at its best epoch, or INVALID_ARGUMENT where one of the two metrics is undefined there. */
function judgeRun(run: Run, spec: AccuracyFidelitySpec) {
  resolveEpoch(run, 'best');
  const metrics = judgedEpoch(run);
  const fidelity = metrics && plottedValue(metrics, spec.fidelity);
  const accuracy = metrics && plottedValue(metrics, spec.accuracy);
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

const undefinedMetric = (run: Run, { fidelity, accuracy }: AccuracyFidelitySpec): AfterimageError =>
  new AfterimageError(
    'INVALID_ARGUMENT',
    `Run ${run.name} has no ${fidelity} or no ${accuracy} at its best epoch.`,
    'Leave the run out or choose other metrics.',
  );
