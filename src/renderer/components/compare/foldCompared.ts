import type { EpochMetrics } from '../../../core/records.ts';
import type { MeanImages } from '../../../core/metrics/metric.ts';
import { isEpochMetric, meanImages, readMetric } from '../../../core/metrics/epochMetrics.ts';
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
import { elapsedMinutes, imagesOf, untrainedPoints } from '../charts/curves.ts';
import type { Curve } from '../charts/curves.ts';
import { markerAt, type SeriesMarker } from '../charts/markers.ts';
import type { CatalogueName } from './catalogue.ts';
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
  /** Of a run among others of its configuration: its seed's. */
  marker?: SeriesMarker | undefined;
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

/** A marker for each seed, the same in every configuration: pairs of runs are seen. */
function markSeeds(groups: readonly ComparedSeries[]): Map<number, SeriesMarker> {
  const seeds = new Set(
    groups.flatMap(({ members }) => members.map(({ summary: { seed } }) => seed)),
  );
  return new Map([...seeds].sort((a, b) => a - b).map((seed, i) => [seed, markerAt(i)]));
}

/**
 * What is shown as one. Seeds whose repeats differ have no mean: their runs stay apart. Runs that are shown for
 * themselves have their seed's marker where there is another seed.
 */
export function foldCompared(
  groups: readonly ComparedSeries[],
  isFolded: boolean,
): ComparedSeries[] {
  const markers = markSeeds(groups);
  const markerOf = ({ summary }: ComparedRun): SeriesMarker | undefined =>
    markers.size > 1 ? markers.get(summary.seed) : undefined;
  return groups.flatMap((group) => {
    const [only, ...others] = group.members;
    if (isFolded && group.runs.length > 0) return [group];
    if (only !== undefined && others.length === 0) return [{ ...group, marker: markerOf(only) }];
    return group.members.map((run) => ({
      ...single(run, { token: run.token, dash: run.dash }),
      marker: markerOf(run),
    }));
  });
}

/** Half the width of a band, or what follows a ±; null for a single run. */
export const spreadOf = (folded: FoldedValue | null, kind: SpreadKind): number | null =>
  folded?.[kind] ?? null;

/** `C`, or `C (n = 6)` for what is a mean. */
export const titleOf = ({ label, runs }: Pick<ComparedSeries, 'label' | 'runs'>): string =>
  runs.length > 1 ? `${label} (n = ${runs.length})` : label;

interface CurveChoice {
  name: CatalogueName;
  /** A run's value at an epoch, of a metric that is not stored with it; null while it is not known. */
  read?: (run: ComparedRun, metrics: EpochMetrics) => number | null;
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
function imagesAtRest({ runs }: ComparedSeries, name: CatalogueName): MeanImages | null {
  const [only, ...others] = runs;
  if (only?.metrics == null || others.length > 0 || !isEpochMetric(name)) return null;
  return meanImages(only.metrics, name);
}

/** The curve of a metric: a run's own, or the mean over seeds at the epochs that all of them reached. */
export function curveOf(series: ComparedSeries, choice: CurveChoice): Curve {
  const { name, spread, overTime } = choice;
  const valueOf = (run: ComparedRun, metrics: EpochMetrics): number | null =>
    isEpochMetric(name) ? readMetric(metrics, name) : (choice.read?.(run, metrics) ?? null);
  const epochs = series.runs.map((run) => run.epochs);
  const [first = []] = epochs;
  const points = foldColumns(
    series.runs.map((run) => run.epochs.map((metrics) => valueOf(run, metrics))),
  );
  const rest = foldValues(
    series.runs.map((run) => (run.metrics === null ? null : valueOf(run, run.metrics))),
  );
  return {
    id: series.id,
    label: titleOf(series),
    token: series.token,
    dashed: false,
    dash: series.dash,
    marker: series.marker,
    x: positionsOf(epochs, overTime),
    y: points.map((point) => point?.mean ?? null),
    spread: points.map((point) => spreadOf(point, spread)),
    ...(epochs.length === 1 && isEpochMetric(name) && { images: imagesOf(first, name) }),
    untrained: untrainedPoints(first),
    atRest: {
      value: rest?.mean ?? null,
      spread: spreadOf(rest, spread),
      images: imagesAtRest(series, name),
    },
  };
}
