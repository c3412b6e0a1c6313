import {
  bottomMargin,
  drawAxes,
  drawLegend,
  drawLetter,
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
import {
  describeRun,
  joinWords,
  panelLetter,
  requireWidth,
  type Figure,
  type RunLabel,
} from './figure.ts';
import { describeMetric, metricTitle, type EpochMetric } from './metrics.ts';
import { drawSheet, type Pen } from './pen.ts';
import { mean, standardDeviation } from './statistics.ts';

/** One run, or the runs of one configuration with different seeds. */
export interface CurveSeries {
  name: string;
  paradigm: 'C' | 'R';
  runs: {
    run: RunLabel;
    bestEpoch: number | null;
    /** By metric, one value per epoch from 0; null where undefined. */
    values: Partial<Record<EpochMetric, (number | null)[]>>;
  }[];
}

export interface TrainingCurvesData {
  metrics: EpochMetric[];
  /** First epoch drawn: the untrained network's values can dwarf all others. */
  fromEpoch: number;
  series: CurveSeries[];
}

export interface CurvePoint {
  epoch: number;
  mean: number;
  /** Standard deviation over the runs; 0 for one. */
  deviation: number;
  /** Runs that have this epoch. */
  count: number;
}

/** Mean and spread over the runs, at every epoch that all of them reached with a defined value. */
export function foldSeries(
  { runs }: CurveSeries,
  metric: EpochMetric,
  fromEpoch = 0,
): CurvePoint[] {
  const columns = runs.map(({ values }) => values[metric] ?? []);
  const shortest = columns.reduce((least, { length }) => Math.min(least, length), Infinity);
  const points: CurvePoint[] = [];
  for (let epoch = fromEpoch; epoch < shortest; epoch += 1) {
    const values = columns.flatMap((column) => column[epoch] ?? []);
    if (values.length < columns.length) continue;
    points.push({
      epoch,
      mean: mean(values),
      deviation: standardDeviation(values),
      count: values.length,
    });
  }
  return points;
}

function drawBand(pen: Pen, plot: Plot, points: readonly CurvePoint[], color: string): void {
  if (!points.some(({ deviation }) => deviation > 0)) return;
  const edge = (sign: number) =>
    points.map((point): [number, number] => [
      toX(plot, point.epoch),
      toY(plot, point.mean + sign * point.deviation),
    ]);
  const outline = [...edge(1), ...edge(-1).reverse()];
  pen.polyline(outline, { fill: color, 'fill-opacity': 0.2 });
}

function drawBest(
  pen: Pen,
  plot: Plot,
  points: readonly CurvePoint[],
  series: CurveSeries,
  color: string,
): void {
  for (const { bestEpoch } of series.runs) {
    const point = points.find(({ epoch }) => epoch === bestEpoch);
    if (point === undefined) continue;
    pen.add('circle', {
      cx: toX(plot, point.epoch),
      cy: toY(plot, point.mean),
      r: pen.style.lineWidthPt * 2.6,
      fill: '#ffffff',
      stroke: color,
      'stroke-width': pen.style.lineWidthPt * 1.2,
    });
  }
}

interface PanelPlace {
  metric: EpochMetric;
  index: number;
  width: number;
  height: number;
}

function drawPanel(
  pen: Pen,
  data: TrainingCurvesData,
  styles: readonly SeriesStyle[],
  place: PanelPlace,
): void {
  const { metric, index, width, height } = place;
  const folded = data.series.map((series) => foldSeries(series, metric, data.fromEpoch));
  const all = folded.flat();
  const lastEpoch = all.reduce((last, { epoch }) => Math.max(last, epoch), data.fromEpoch + 1);
  const yRange = spanOf(all.flatMap((p) => [p.mean - p.deviation, p.mean + p.deviation]));
  const yTicks = listTicks(yRange, Math.max(2, Math.floor(height / (pen.linePt * 2))));
  const left = leftMargin(pen, yTicks);
  const plot = {
    x: left,
    y: pen.linePt,
    width: width - left - rightMargin(pen),
    height,
    yRange,
    xRange: [data.fromEpoch, lastEpoch] as const,
  };
  const xTicks = listTicks(
    plot.xRange,
    Math.max(2, Math.min(lastEpoch - data.fromEpoch, Math.floor(plot.width / 24))),
    true,
  );
  drawLetter(pen, data.metrics.length > 1 ? panelLetter(index) : '', 0, 0);
  drawAxes(pen, plot, { xTicks, yTicks, xLabel: 'Epoch', yLabel: metricTitle(metric) });
  folded.forEach((points, i) => drawBand(pen, plot, points, styles[i]?.color ?? ''));
  folded.forEach((points, i) => {
    const [style, series] = [styles[i], data.series[i]];
    if (style === undefined || series === undefined) return;
    const line = points.map(({ epoch, mean: y }): [number, number] => [
      toX(plot, epoch),
      toY(plot, y),
    ]);
    pen.polyline(line, { ...strokeOf(pen, style), 'stroke-linejoin': 'round' });
    drawBest(pen, plot, points, series, style.color);
  });
}

/** Narrowest chart with its axis, in sizes of its text. */
const leastPanel = 13;

function draw(pen: Pen, data: TrainingCurvesData): number {
  const { widthPt } = pen.style;
  const least = leastPanel * pen.sizePt;
  requireWidth(pen.options, least, 'a chart with its axes');
  const columns = Math.max(1, Math.min(data.metrics.length, 3, Math.floor(widthPt / (least + 8))));
  const width = (widthPt - (columns - 1) * 8) / columns;
  const height = Math.max(Math.min(width * 0.62, 180), pen.linePt * 4);
  const styles = styleSeries(data.series.map(({ paradigm }) => paradigm));
  const entries = data.series.map((series, i) => ({
    text: series.runs.length > 1 ? `${series.name} (n = ${series.runs.length})` : series.name,
    style: styles[i] ?? { color: '', dashes: '' },
  }));
  const top = drawLegend(pen, entries) + 3;
  const rowHeight = pen.linePt + height + bottomMargin(pen) + 5;
  data.metrics.forEach((metric, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    const panel = pen.at(column * (width + 8), top + row * rowHeight);
    drawPanel(panel, data, styles, { metric, index, width, height });
  });
  return top + Math.ceil(data.metrics.length / columns) * rowHeight;
}

/** Any metrics over the epochs, one panel each. */
export const trainingCurves: Figure<TrainingCurvesData> = {
  render: (data, options, document) => drawSheet(options, document, (pen) => draw(pen, data)),
  caption: ({ metrics, fromEpoch, series }) => {
    const runs = series.flatMap((one) => one.runs.map(({ run }) => run));
    const isGrouped = series.some((one) => one.runs.length > 1);
    const band = isGrouped
      ? ' Lines: means over the seeds, at the epochs that all of them reached; bands: ± one standard deviation.'
      : '';
    const thresholds = runs.map(({ threshold }) => threshold);
    const defined = metrics.map((metric) => describeMetric(metric, thresholds)).join('; ');
    const best = series.flatMap((one) =>
      one.runs.map(({ run, bestEpoch }) => describeRun(run, bestEpoch ?? undefined)),
    );
    const first = fromEpoch === 0 ? ' (0 is the untrained network)' : ` from ${fromEpoch} on`;
    return `By epoch${first}, on ${runs[0]?.dataset ?? ''}: ${defined}.${band} Circles: the epoch with the lowest validation loss of ${joinWords(best)}.`;
  },
  tabulate: ({ metrics, series }) => ({
    columns: ['series', 'run', 'seed', 'epoch', 'best', ...metrics],
    rows: series.flatMap(({ name, runs }) =>
      runs.flatMap(({ run, bestEpoch, values }) => {
        const epochs = Math.max(0, ...metrics.map((metric) => values[metric]?.length ?? 0));
        return Array.from({ length: epochs }, (_, epoch) => [
          name,
          run.id,
          run.seed,
          epoch,
          epoch === bestEpoch,
          ...metrics.map((metric) => values[metric]?.[epoch] ?? null),
        ]);
      }),
    ),
  }),
};
