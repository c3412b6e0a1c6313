import type { EpochMetrics } from '../../../core/records.ts';
import type { MeanImages } from '../../../core/metrics/metric.ts';
import {
  meanImages,
  readMetric,
  type EpochMetricName,
} from '../../../core/metrics/epochMetrics.ts';
import {
  foldColumns,
  foldValues,
  type FoldedValue,
  type SpreadKind,
} from '../../../core/statistics/foldSeeds.ts';
import { groupBySeed } from '../../../core/statistics/pairRuns.ts';
import {
  describeRepeats,
  oneOfEachSeed,
  type RepeatedSeeds,
} from '../../../core/statistics/repeatedSeeds.ts';
import { assignSeriesStyles } from '../../composables/seriesColors.ts';
import type { SeriesStyle } from '../../composables/seriesColors.ts';
import { elapsedMinutes, imagesOf, untrainedPoints, valuesOf } from '../charts/curves.ts';
import type { Curve } from '../charts/curves.ts';
import type { ComparedRun } from './useComparedRuns.ts';

/** Runs that are shown as one: those of a configuration with different seeds, or a single run. */
export interface ComparedSeries extends SeriesStyle {
  /** Of its first run. */
  id: string;
  label: string;
  /** One of each seed: what means are over. */
  runs: readonly ComparedRun[];
  /** With what repeats a seed. */
  members: readonly ComparedRun[];
  /** What is to be said of seeds that are there twice. */
  repeats: RepeatedSeeds | null;
}

const lossesOf = ({ summary }: ComparedRun): readonly number[] => summary.validationLosses;

const single = (run: ComparedRun, style: SeriesStyle): ComparedSeries => ({
  ...style,
  id: run.summary.id,
  label: run.summary.name,
  runs: [run],
  members: [run],
  repeats: null,
});

/** Runs by configuration, as the command line groups them, in the order in which each comes first. */
export function groupCompared(runs: readonly ComparedRun[]): ComparedSeries[] {
  const byId = new Map(runs.map((run) => [run.summary.id, run]));
  const groups = groupBySeed(runs.map(({ summary }) => summary)).map(({ label, runs: found }) => ({
    label,
    members: found.flatMap(({ id }) => byId.get(id) ?? []),
  }));
  const firsts = groups.flatMap(({ members: [first] }) => first?.summary ?? []);
  const styles = assignSeriesStyles(firsts);
  return groups.flatMap(({ label, members }): ComparedSeries[] => {
    const [first] = members;
    const style = styles.get(first?.summary.id ?? '');
    if (first === undefined || style === undefined) return [];
    if (members.length === 1) return [single(first, style)];
    const withSeeds = members.map((run) => ({ ...run, seed: run.summary.seed }));
    const counted = new Set(oneOfEachSeed(withSeeds, lossesOf).map(({ summary }) => summary.id));
    const runsCounted = members.filter(({ summary }) => counted.has(summary.id));
    const repeats = describeRepeats(withSeeds, lossesOf);
    return [{ ...style, id: first.summary.id, label, runs: runsCounted, members, repeats }];
  });
}

/** What is shown as one. Seeds whose repeats differ have no mean: their runs stay apart. */
export const foldCompared = (
  groups: readonly ComparedSeries[],
  isFolded: boolean,
): ComparedSeries[] =>
  groups.flatMap((group) =>
    group.members.length === 1 || (isFolded && group.runs.length > 0)
      ? [group]
      : group.members.map((run) => single(run, { token: run.token, dash: run.dash })),
  );

/** Half the width of a band, or what follows a ±; null for a single run. */
export const spreadOf = (folded: FoldedValue | null, kind: SpreadKind): number | null =>
  folded?.[kind] ?? null;

/** `C`, or `C (n = 6)` for what is a mean. */
export const titleOf = ({ label, runs }: Pick<ComparedSeries, 'label' | 'runs'>): string =>
  runs.length > 1 ? `${label} (n = ${runs.length})` : label;

interface CurveChoice {
  name: EpochMetricName;
  spread: SpreadKind;
  overTime: boolean;
}

/** Positions of the points on the x axis, the mean of the runs' times; as long as the shortest run. */
function positionsOf(epochs: readonly (readonly EpochMetrics[])[], overTime: boolean): number[] {
  const columns = epochs.map((own) =>
    overTime ? elapsedMinutes(own) : own.map(({ epoch }) => epoch),
  );
  return foldColumns(columns).map((point) => point?.mean ?? 0);
}

/** What a mean of maps is over at each run's epoch; null where more than one run is folded. */
function imagesAtRest({ runs }: ComparedSeries, name: EpochMetricName): MeanImages | null {
  const [only, ...others] = runs;
  return only?.metrics == null || others.length > 0 ? null : meanImages(only.metrics, name);
}

/** The curve of a metric: a run's own, or the mean over seeds at the epochs that all of them reached. */
export function curveOf(series: ComparedSeries, { name, spread, overTime }: CurveChoice): Curve {
  const epochs = series.runs.map((run) => run.epochs);
  const [first = []] = epochs;
  const points = foldColumns(epochs.map((own) => valuesOf(own, name)));
  const rest = foldValues(
    series.runs.map(({ metrics }) => (metrics === null ? null : readMetric(metrics, name))),
  );
  return {
    id: series.id,
    label: titleOf(series),
    token: series.token,
    dashed: false,
    dash: series.dash,
    x: positionsOf(epochs, overTime),
    y: points.map((point) => point?.mean ?? null),
    spread: points.map((point) => spreadOf(point, spread)),
    ...(epochs.length === 1 && { images: imagesOf(first, name) }),
    untrained: untrainedPoints(first),
    atRest: {
      value: rest?.mean ?? null,
      spread: spreadOf(rest, spread),
      images: imagesAtRest(series, name),
    },
  };
}
