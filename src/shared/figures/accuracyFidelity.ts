import {
  bottomMargin,
  drawAxes,
  drawLegend,
  drawPoint,
  leftMargin,
  rightMargin,
  listTicks,
  spanOf,
  strokeOf,
  styleSeries,
  toX,
  toY,
  type Plot,
  type SeriesStyle,
} from './chart.ts';
import { describeRun, joinWords, requireWidth, type Figure, type RunLabel } from './figure.ts';
import { describeMetric, metricTitle, type EpochMetric } from './metrics.ts';
import { drawSheet, type Pen } from './pen.ts';
import { intervalHalfWidth, mean } from './statistics.ts';

export interface FrontierPoint {
  paradigm: 'C' | 'R';
  /** The swept value, as in the configuration. */
  value: string;
  runs: { run: RunLabel; epoch: number; fidelity: number; accuracy: number }[];
}

export interface AccuracyFidelityData {
  /** Configuration key whose values are swept. */
  sweep: string;
  fidelity: EpochMetric;
  accuracy: EpochMetric;
  /** In the order of the line that joins them, per paradigm. */
  points: FrontierPoint[];
}

interface Placed {
  point: FrontierPoint;
  x: number;
  y: number;
  /** Half widths of the 95% intervals; 0 for a single run. */
  dx: number;
  dy: number;
}

function place(point: FrontierPoint): Placed {
  const [xs, ys] = [point.runs.map((run) => run.fidelity), point.runs.map((run) => run.accuracy)];
  return {
    point,
    x: mean(xs),
    y: mean(ys),
    dx: intervalHalfWidth(xs) ?? 0,
    dy: intervalHalfWidth(ys) ?? 0,
  };
}

function drawCross(pen: Pen, plot: Plot, { x, y, dx, dy }: Placed, stroke: string): void {
  const [cx, cy] = [toX(plot, x), toY(plot, y)];
  if (dx > 0) pen.line(toX(plot, x - dx), cy, toX(plot, x + dx), cy, { stroke });
  if (dy > 0) pen.line(cx, toY(plot, y - dy), cx, toY(plot, y + dy), { stroke });
}

/** Settings that only the contrastive term reads: under C they change nothing. */
const ofR = ['camWeight', 'distanceReduction', 'pairing', 'margin', 'camGradient'];
const isLabelled = (sweep: string, paradigm: 'C' | 'R'): boolean =>
  paradigm === 'R' || !ofR.includes(sweep);

/** Points joined in the order of their values. */
function drawSeries(pen: Pen, plot: Plot, placed: readonly Placed[], style: SeriesStyle): void {
  const line = placed.map(({ x, y }): [number, number] => [toX(plot, x), toY(plot, y)]);
  if (line.length > 1) pen.polyline(line, strokeOf(pen, style));
  for (const one of placed) {
    drawCross(pen, plot, one, style.color);
    drawPoint(pen, toX(plot, one.x), toY(plot, one.y), style);
  }
}

/** The swept values, each right above its point, or left below where the plot ends: off a falling line. */
function labelPoints(pen: Pen, plot: Plot, placed: readonly Placed[]): void {
  for (const { point, x, y } of placed) {
    const [cx, cy] = [toX(plot, x), toY(plot, y)];
    const isLeft = cx + pen.measure(point.value) + 6 > plot.x + plot.width;
    const anchor = isLeft ? 'end' : 'start';
    const baseline = isLeft ? cy + pen.sizePt + 2 : cy - 4;
    pen.text(point.value, isLeft ? cx - 5 : cx + 5, baseline, { anchor });
  }
}

function draw(pen: Pen, { sweep, fidelity, accuracy, points }: AccuracyFidelityData): number {
  requireWidth(pen.options, 13 * pen.sizePt, 'a chart with its axes');
  const placed = points.map(place);
  const paradigms = [...new Set(points.map(({ paradigm }) => paradigm))];
  const styles = styleSeries(paradigms);
  const entries = paradigms.map((paradigm, i) => ({
    text: isLabelled(sweep, paradigm) ? `${paradigm}, labelled by ${sweep}` : paradigm,
    style: styles[i] ?? { color: '', dashes: '' },
    key: 'point' as const,
  }));
  const top = drawLegend(pen, entries) + 4;
  const yRange = spanOf(
    placed.flatMap(({ y, dy }) => [y - dy, y + dy]),
    0.12,
  );
  const xRange = spanOf(
    placed.flatMap(({ x, dx }) => [x - dx, x + dx]),
    0.08,
  );
  const yTicks = listTicks(yRange, 5);
  const left = leftMargin(pen, yTicks);
  const width = pen.style.widthPt - left - rightMargin(pen);
  const height = Math.min(width * 0.7, 260);
  const plot = { x: left, y: top, width, height, xRange, yRange };
  drawAxes(pen, plot, {
    xTicks: listTicks(xRange, Math.floor(width / (4 * pen.sizePt))),
    yTicks,
    xLabel: metricTitle(fidelity),
    yLabel: metricTitle(accuracy),
  });
  paradigms.forEach((paradigm, i) => {
    const own = placed.filter(({ point }) => point.paradigm === paradigm);
    const style = styles[i];
    if (style) drawSeries(pen, plot, own, style);
    if (isLabelled(sweep, paradigm)) labelPoints(pen, plot, own);
  });
  return top + height + bottomMargin(pen) + 1;
}

/** Accuracy against how well maps agree with images, over the values of one setting. */
export const accuracyFidelity: Figure<AccuracyFidelityData> = {
  render: (data, options, document) => drawSheet(options, document, (pen) => draw(pen, data)),
  caption: ({ sweep, fidelity, accuracy, points }) => {
    const all = points.flatMap((point) => point.runs);
    const thresholds = all.map(({ run }) => run.threshold);
    const described = joinWords(all.map(({ run, epoch }) => describeRun(run, epoch)));
    const largest = Math.max(...points.map((point) => point.runs.length));
    const intervals =
      largest > 1
        ? ` Points: means over the seeds of one configuration (up to n = ${largest}); bars: 95% intervals of the mean (Student’s t).`
        : ' One run per point: no intervals.';
    return `${metricTitle(accuracy)} (${describeMetric(accuracy, thresholds)}) against ${describeMetric(fidelity, thresholds)}, over the values of ${sweep}, each at the epoch with the lowest validation loss, of ${described} on ${all[0]?.run.dataset ?? ''}.${intervals}`;
  },
  tabulate: ({ sweep, fidelity, accuracy, points }) => ({
    columns: ['paradigm', sweep, 'run', 'seed', 'epoch', fidelity, accuracy],
    rows: points.flatMap(({ paradigm, value, runs }) =>
      runs.map((one) => [
        paradigm,
        value,
        one.run.id,
        one.run.seed,
        one.epoch,
        one.fidelity,
        one.accuracy,
      ]),
    ),
  }),
};
