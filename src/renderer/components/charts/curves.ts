import { extentOf } from '../../../core/arrays.ts';
import {
  epochMetrics,
  listEpochMetrics,
  meanImages,
  readMetric,
  type EpochMetricName,
} from '../../../core/metrics/epochMetrics.ts';
import { termMetricNames } from '../../../core/metrics/epochs/losses.ts';
import { capitalTitle, leavesOut, type MeanImages } from '../../../core/metrics/metric.ts';
import type { EpochMetrics } from '../../../core/records.ts';
import {
  formatDecimal,
  formatInteger,
  formatNumber,
  formatShare,
  missing,
} from '../../composables/format.ts';
import type { SeriesMarker } from './markers.ts';

export interface CurveDefinition {
  name: EpochMetricName;
  label: string;
  /** Design token of its colour in a plot of one run; null: the run's own. */
  token: string | null;
}

/** What one unit of y is. */
export type PlotKind = 'loss' | 'share' | 'count' | 'index';

export interface PlotDefinition {
  title: string;
  kind: PlotKind;
  curves: readonly CurveDefinition[];
}

/**
 * Curves in their order; `tokens` colour them from the first on, and again where there are more. What the
 * plot's title says already, `noun`, is left out of their names.
 */
const listCurves = (
  names: readonly EpochMetricName[],
  tokens: readonly (string | null)[],
  noun = '',
): CurveDefinition[] =>
  names.map((name, i) => {
    const title = epochMetrics[name].title.replace(noun, '').trim();
    return { name, label: capitalTitle({ title }), token: tokens[i % tokens.length] ?? null };
  });

/** Terms of what is minimised in training. */
const trainTerms: readonly EpochMetricName[] = termMetricNames('train');

/** The plots of a run's overview, in order. */
export const plotDefinitions: readonly PlotDefinition[] = [
  {
    title: 'Loss by term',
    kind: 'loss',
    curves: [
      ...listCurves(['validationLoss'], [null], 'loss'),
      ...listCurves(
        ['trainLoss', ...trainTerms],
        ['--series-6', '--series-4', '--series-2', '--series-3', '--series-5'],
        'loss',
      ),
    ],
  },
  {
    title: 'Accuracy',
    kind: 'share',
    curves: listCurves(
      ['trainAccuracy', 'validationAccuracy', 'testAccuracy'],
      ['--series-6', null, '--series-1'],
      'accuracy',
    ),
  },
  {
    title: 'Errors on the test images',
    kind: 'count',
    curves: listCurves(listEpochMetrics('errors'), ['--series-2', '--series-3']),
  },
  {
    title: 'Maps against their images',
    kind: 'index',
    curves: listCurves(listEpochMetrics('maps'), [
      null,
      '--series-1',
      '--series-3',
      '--series-5',
      '--series-2',
    ]),
  },
];

const hasValues = (epochs: readonly EpochMetrics[], name: EpochMetricName): boolean =>
  epochs.some((metrics) => readMetric(metrics, name) !== null);

/** Curves that have a value anywhere; where a run knows a loss by one term only, it says it once. */
export function curvesWithValues(
  curves: readonly CurveDefinition[],
  epochs: readonly EpochMetrics[],
): CurveDefinition[] {
  const isOneTerm = trainTerms.filter((name) => hasValues(epochs, name)).length < 2;
  return curves.filter(
    ({ name }) => !(isOneTerm && trainTerms.includes(name)) && hasValues(epochs, name),
  );
}

/** How many of the first points show the untrained model. */
export const untrainedPoints = (epochs: readonly EpochMetrics[]): number =>
  epochs[0]?.epoch === 0 ? 1 : 0;

export const valuesOf = (
  epochs: readonly EpochMetrics[],
  name: EpochMetricName,
): (number | null)[] => epochs.map((metrics) => readMetric(metrics, name));

/** Over how many images the values are; null where a metric is no mean of maps. */
export const imagesOf = (
  epochs: readonly EpochMetrics[],
  name: EpochMetricName,
): (MeanImages | null)[] => epochs.map((metrics) => meanImages(metrics, name));

const formats: Record<PlotKind, (value: number) => string> = {
  loss: (value) => formatNumber(value, 4),
  share: (value) => formatShare(value),
  count: formatInteger,
  index: (value) => formatDecimal(value, 3),
};

/** A value of a plot in words; a dash where there is none. */
export const formatValue = (kind: PlotKind, value: number | null): string =>
  value === null ? missing : formats[kind](value);

/** A spread as it stands after ±, its unit said by the value before it. */
const formatSpread = (kind: PlotKind, spread: number): string =>
  kind === 'count'
    ? formatDecimal(spread, 1)
    : kind === 'loss'
      ? formatNumber(spread, 2)
      : formatValue(kind, spread).replace('%', '');

/** Wall clock in minutes from the start to the end of each epoch. */
export function elapsedMinutes(epochs: readonly EpochMetrics[]): number[] {
  let elapsed = 0;
  return epochs.map(({ durationMs }) => (elapsed += durationMs) / 60_000);
}

/** Several curves on one axis of ascending x; null where a curve has no point. */
export interface AlignedCurves {
  x: number[];
  ys: (number | null)[][];
}

export function alignCurves(
  curves: readonly { x: readonly number[]; y: readonly (number | null)[] }[],
): AlignedCurves {
  const x = [...new Set(curves.flatMap((curve) => curve.x))].sort((a, b) => a - b);
  const ys = curves.map((curve) => {
    const byX = new Map(curve.x.map((value, i) => [value, curve.y[i] ?? null]));
    return x.map((value) => byX.get(value) ?? null);
  });
  return { x, ys };
}

/** Where a curve has its value at x, or the last before it; -1 where it says nothing yet. */
const indexAt = ({ x, y }: Pick<Curve, 'x' | 'y'>, position: number): number =>
  x.findLastIndex((value, i) => value <= position && (y[i] ?? null) !== null);

/** What a curve says at a cursor between its points. */
export const valueAt = (curve: Pick<Curve, 'x' | 'y'>, position: number): number | null =>
  curve.y[indexAt(curve, position)] ?? null;

/** `n = 9,245 of 10,000` where the value at x, or at rest, is not over all test images, else nothing. */
export function describeImages(curve: Curve, position: number | null): string {
  const images =
    position === null
      ? (curve.atRest?.images ?? null)
      : (curve.images?.[indexAt(curve, position)] ?? null);
  if (images === null || !leavesOut(images)) return '';
  return `n = ${formatInteger(images.defined)} of ${formatInteger(images.all)}`;
}

/** Whether the positive values span so much that only a logarithmic axis shows the small ones. */
export function spansDecades(values: readonly (number | null)[]): boolean {
  const positive = values.filter((value): value is number => value !== null && value > 0);
  const [least, most] = extentOf(positive);
  return most / least > 50;
}

/** One line of a plot. */
export interface Curve {
  id: string;
  label: string;
  /** Design token of its colour. */
  token: string;
  dashed: boolean;
  /** Lengths of dashes and gaps, CSS pixels, in place of those of `dashed`. */
  dash?: readonly number[];
  /** What marks its points, in place of dots. */
  marker?: SeriesMarker | undefined;
  x: readonly number[];
  y: readonly (number | null)[];
  /** What a band reaches to either side of each value; null where there is none. */
  spread?: readonly (number | null)[];
  /** What the legend says while neither pointer nor cursor is anywhere; else the last value. */
  atRest?: { value: number | null; spread: number | null; images: MeanImages | null };
  /** Over how many images each value is; null where that means nothing. */
  images?: readonly (MeanImages | null)[];
  /** Leading points of the untrained model, which would flatten all that follows. */
  untrained: number;
  /** Of many points within an epoch: drawn thin and without dots. */
  isFine?: boolean;
}

/** Lengths of its dashes and gaps, CSS pixels; none of a solid line. */
export const dashOf = ({ dashed, dash }: Pick<Curve, 'dashed' | 'dash'>): number[] =>
  dashed ? [5, 4] : [...(dash ?? [])];

/** `0.981`, of several seeds `0.981 ± 0.004`: a curve at x, or at rest where x is null. */
export function describeCurve(kind: PlotKind, curve: Curve, x: number | null): string {
  const { atRest, spread } = curve;
  const index = indexAt(curve, x ?? Infinity);
  const isAtRest = x === null && atRest !== undefined;
  const value = isAtRest ? atRest.value : (curve.y[index] ?? null);
  const reach = isAtRest ? atRest.spread : (spread?.[index] ?? null);
  const text = formatValue(kind, value);
  return value === null || reach === null ? text : `${text} ± ${formatSpread(kind, reach)}`;
}

/** A range with a share of it as room on both sides; a range that is a point gets `room`. */
export function padRange(low: number, high: number, share: number, room: number): [number, number] {
  const pad = low === high ? room : (high - low) * share;
  return [low - pad, high + pad];
}

/** Each value, where it has a band with both its ends. */
const reachOf = ({ y, spread }: Pick<Curve, 'y' | 'spread'>): (number | null)[][] =>
  y.map((value, i) => {
    const reach = spread?.[i] ?? null;
    return value === null || reach === null ? [value] : [value - reach, value + reach];
  });

/**
 * From the lowest to the highest value, those of the untrained model left out where there are others
 * enough and `withUntrained` does not ask for them.
 */
export function verticalRange(
  curves: readonly Pick<Curve, 'y' | 'untrained' | 'spread'>[],
  withUntrained: boolean,
): [number, number] {
  const valuesFrom = (skipped: boolean): number[] =>
    curves
      .flatMap((curve) =>
        reachOf(curve)
          .slice(skipped ? curve.untrained : 0)
          .flat(),
      )
      .filter((value) => value !== null);
  const trained = withUntrained ? [] : valuesFrom(true);
  const values = trained.length > curves.length ? trained : valuesFrom(false);
  if (values.length === 0) return [0, 1];
  const [low, high] = extentOf(values);
  return padRange(low, high, 0.05, Math.abs(low) * 0.1 || 1);
}
