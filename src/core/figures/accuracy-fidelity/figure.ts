import { axisTitle, leavesOut, type MeanImages } from '../../metrics/metric.ts';
import {
  bottomMargin,
  drawAxes,
  drawLegend,
  drawPoint,
  fitTicks,
  leftMargin,
  rightMargin,
  stackTicks,
  strokeOf,
  styleSeries,
  toX,
  toY,
  type Plot,
  type SeriesStyle,
} from '../charts/chart.ts';
import { noteImages, noteObjectives, noteVersions } from '../charts/chartNotes.ts';
import { describeSeeds, joinWords, requireWidth, type Figure, type RunLabel } from '../figure.ts';
import { keepAttainable, spanMetric } from '../charts/metricAxis.ts';
import { epochMetrics, type EpochMetricName } from '../../metrics/epochMetrics.ts';
import { cutToRange, describeMetric } from '../metrics.ts';
import type { Pen } from '../drawing/pen.ts';
import type { Point } from '../drawing/shapes.ts';
import { intervalHalfWidth, mean } from '../statistics.ts';
import { gather } from './gather.ts';
import type { AccuracyFidelitySpec } from './spec.ts';

export interface FrontierPoint {
  paradigm: string;
  /** The swept value, as in the configuration; null where it has none that changes anything. */
  value: string | null;
  /** What the names of its runs have in common. */
  name: string;
  runs: {
    run: RunLabel;
    epoch: number;
    fidelity: number;
    accuracy: number;
    /** Over how many images the two are; null for what is no mean of maps. */
    fidelityImages: MeanImages | null;
    accuracyImages: MeanImages | null;
  }[];
}

export interface AccuracyFidelityData {
  /** The setting whose values are swept: how it is written on the command line, and its title. */
  sweep: { key: string; title: string };
  fidelity: EpochMetricName;
  accuracy: EpochMetricName;
  /** In the order of the line that joins them, per paradigm. */
  points: FrontierPoint[];
  /** Whether all runs minimise the same quantity. */
  haveOneObjective: boolean;
  /** Of the arithmetic behind the points. */
  versions: number[];
}

/** A mean over the seeds with its 95% interval, as far as the metric can have such values. */
interface Estimate {
  centre: number;
  low: number;
  high: number;
  isCut: boolean;
}

interface Placed {
  point: FrontierPoint;
  x: Estimate;
  y: Estimate;
}

function estimate(metric: EpochMetricName, values: readonly number[]): Estimate {
  const [centre, half] = [mean(values), intervalHalfWidth(values) ?? 0];
  return { centre, ...cutToRange(metric, centre - half, centre + half) };
}

const placePoints = ({ points, fidelity, accuracy }: AccuracyFidelityData): Placed[] =>
  points.map((point) => ({
    point,
    x: estimate(
      fidelity,
      point.runs.map((run) => run.fidelity),
    ),
    y: estimate(
      accuracy,
      point.runs.map((run) => run.accuracy),
    ),
  }));

function drawCross(pen: Pen, plot: Plot, { x, y }: Placed, color: string): void {
  const [cx, cy] = [toX(plot, x.centre), toY(plot, y.centre)];
  if (x.high > x.low) pen.line(toX(plot, x.low), cy, toX(plot, x.high), cy, { color });
  if (y.high > y.low) pen.line(cx, toY(plot, y.low), cx, toY(plot, y.high), { color });
}

/** Points joined in the order of their values. */
function drawSeries(pen: Pen, plot: Plot, placed: readonly Placed[], style: SeriesStyle): void {
  const line = placed.map(({ x, y }): [number, number] => [
    toX(plot, x.centre),
    toY(plot, y.centre),
  ]);
  if (line.length > 1) pen.polyline(line, { stroke: strokeOf(pen, style) });
  for (const one of placed) {
    drawCross(pen, plot, one, style.color);
    drawPoint(pen, toX(plot, one.x.centre), toY(plot, one.y.centre), style);
  }
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const touch = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** How far a point lies from the middle of a box. */
const distance = ({ left, right, top, bottom }: Box, [x, y]: Point): number =>
  Math.hypot((left + right) / 2 - x, (top + bottom) / 2 - y);

/** Height of a digit, as a part of the font's size. */
const digitHeight = 0.72;

/** Where a label may stand around a point: right above first, then left below, off a falling line. */
function placesAround([x, y]: Point, width: number, sizePt: number): Box[] {
  const height = digitHeight * sizePt;
  const [right, middle, left] = [x + 4, x - width / 2, x - 4 - width];
  const [above, beside, below] = [y - 4, y + height / 2, y + 4 + height];
  const places: Point[] = [
    ...([
      [right, above],
      [left, below],
      [left, above],
      [right, below],
    ] as Point[]),
    ...([
      [right, beside],
      [left, beside],
      [middle, above],
      [middle, below],
    ] as Point[]),
  ];
  return places.map(([start, baseline]) => {
    return { left: start, right: start + width, top: baseline - height, bottom: baseline };
  });
}

/** The swept values, each off points and other values, and where it can be nearest to its own point. */
function labelPoints(pen: Pen, plot: Plot, placed: readonly Placed[]): void {
  const centres = placed.map(({ x, y }): Point => [toX(plot, x.centre), toY(plot, y.centre)]);
  const taken: Box[] = centres.map(([x, y]) => {
    return { left: x - 3, right: x + 3, top: y - 3, bottom: y + 3 };
  });
  const [first, last] = [plot.x, plot.x + plot.width - 1];
  for (const [i, own] of centres.entries()) {
    const value = placed[i]?.point.value ?? null;
    if (value === null) continue;
    const text = pen.fit(value, Math.max(own[0] - first, last - own[0]) - 6);
    // A point of room to either side.
    const [best] = placesAround(own, pen.measure(text) + 2, pen.sizePt)
      .filter(({ left, right }) => left >= first && right <= last)
      .map((box) => ({
        box,
        met: taken.filter((one) => touch(one, box)).length,
        nearer: centres.filter((other) => distance(box, other) < distance(box, own)).length,
      }))
      .toSorted((a, b) => a.met - b.met || a.nearer - b.nearer);
    if (best === undefined) continue;
    taken.push(best.box);
    const { left, right, top, bottom } = best.box;
    // Bars pass behind it.
    if (pen.style.background === 'white') {
      pen.rect(left, top, right - left, bottom - top, { fill: '#ffffff' });
    }
    pen.text(text, left + 1, bottom);
  }
}

/** `Paradigm R, labelled by contrastive: weight`; where a paradigm is one point alone, whose it is. */
function nameSeries(paradigm: string, { sweep, points }: AccuracyFidelityData): string {
  const own = points.filter((point) => point.paradigm === paradigm);
  const [only, ...others] = own;
  const named = only !== undefined && others.length === 0 ? `: ${only.name}` : '';
  const seeds = named !== '' && only !== undefined ? only.runs.length : 1;
  const count = seeds > 1 ? ` (n = ${seeds})` : '';
  const labelled = own.some(({ value }) => value !== null) ? `, labelled by ${sweep.title}` : '';
  return `Paradigm ${paradigm}${named}${count}${labelled}`;
}

function draw(pen: Pen, data: AccuracyFidelityData): number {
  const { fidelity, accuracy, points } = data;
  requireWidth(pen.options, 13 * pen.sizePt, 'a chart with its axes');
  const placed = placePoints(data);
  const paradigms = [...new Set(points.map(({ paradigm }) => paradigm))];
  const styles = styleSeries(paradigms);
  const entries = paradigms.map((paradigm, i) => ({
    text: nameSeries(paradigm, data),
    style: styles[i] ?? { color: '', dashes: [] },
    key: 'point' as const,
  }));
  const top = drawLegend(pen, entries) + 4;
  const yRange = spanMetric(
    accuracy,
    placed.flatMap(({ y }) => [y.low, y.high]),
    0.12,
  );
  const xRange = spanMetric(
    fidelity,
    placed.flatMap(({ x }) => [x.low, x.high]),
    0.08,
  );
  const height = Math.min(pen.style.widthPt * 0.6, 260);
  const yTicks = keepAttainable(accuracy, stackTicks(pen, yRange, height));
  const left = leftMargin(pen, yTicks);
  const width = pen.style.widthPt - left - rightMargin(pen);
  const plot = { x: left, y: top, width, height, xRange, yRange };
  drawAxes(pen, plot, {
    xTicks: keepAttainable(fidelity, fitTicks(pen, xRange, width)),
    yTicks,
    xLabel: axisTitle(epochMetrics[fidelity]),
    yLabel: axisTitle(epochMetrics[accuracy]),
  });
  paradigms.forEach((paradigm, i) => {
    const own = placed.filter(({ point }) => point.paradigm === paradigm);
    const style = styles[i];
    if (style) drawSeries(pen, plot, own, style);
  });
  labelPoints(pen, plot, placed);
  return top + height + bottomMargin(pen) + 1;
}

function describeIntervals(data: AccuracyFidelityData): string {
  const largest = Math.max(...data.points.map((point) => point.runs.length));
  if (largest < 2) return ' One run per point: no intervals.';
  const isCut = placePoints(data).some(({ x, y }) => x.isCut || y.isCut);
  const cut = isCut ? ', cut where the metric can have no such values' : '';
  return ` Points: means over the seeds of one configuration (up to n = ${largest}); bars: 95% intervals of the mean (Student’s t)${cut}.`;
}

/** Accuracy against how well maps agree with images, over the values of one setting. */
export const figure: Figure<AccuracyFidelitySpec, AccuracyFidelityData> = {
  gather,
  draw,
  caption: (data) => {
    const { sweep, fidelity, accuracy, points } = data;
    const all = points.flatMap((point) => point.runs);
    const judged = all.map(({ run }) => run);
    const described = joinWords(points.flatMap(({ name, runs }) => describeSeeds(name, runs)));
    const notes = [
      describeIntervals(data),
      noteObjectives([fidelity, accuracy], data.haveOneObjective),
      noteImages(
        fidelity,
        all.map(({ fidelityImages }) => fidelityImages),
      ),
      noteImages(
        accuracy,
        all.map(({ accuracyImages }) => accuracyImages),
      ),
      noteVersions(data.versions),
    ];
    return `${axisTitle(epochMetrics[accuracy])} (${describeMetric(accuracy, judged)}) against ${describeMetric(fidelity, judged)}, over the values of ${sweep.title}, each at the epoch with the lowest validation loss, of ${described} on ${all[0]?.run.dataset ?? ''}.${notes.join('')}`;
  },
  tabulate: ({ sweep, fidelity, accuracy, points }) => {
    const all = points.flatMap(({ paradigm, value, runs }) =>
      runs.map((one) => ({ ...one, paradigm, value })),
    );
    const counts = [
      { metric: fidelity, counts: all.map(({ fidelityImages }) => fidelityImages) },
      { metric: accuracy, counts: all.map(({ accuracyImages }) => accuracyImages) },
    ].filter((one) => one.counts.some(leavesOut));
    return {
      columns: [
        'paradigm',
        sweep.key,
        'run',
        'seed',
        'epoch',
        fidelity,
        accuracy,
        ...counts.map(({ metric }) => `${metric} n`),
      ],
      rows: all.map((one, i) => [
        one.paradigm,
        one.value,
        one.run.id,
        one.run.seed,
        one.epoch,
        one.fidelity,
        one.accuracy,
        ...counts.map((column) => column.counts[i]?.defined ?? null),
      ]),
    };
  },
};
