import { axisTitle, leavesOut, type MeanImages } from '../../metrics/metric.ts';
import {
  bottomMargin,
  drawAxes,
  drawLegend,
  drawLetter,
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
import {
  bandOf,
  foldSeries,
  type CurvePoint,
  type CurveSeries,
  type TrainingCurvesData,
} from './curveSeries.ts';
import { describeSeeds, joinWords, panelLetter, requireWidth, type Figure } from '../figure.ts';
import { keepAttainable, spanMetric } from '../charts/metricAxis.ts';
import { epochMetrics, type EpochMetricName } from '../../metrics/epochMetrics.ts';
import { describeMetric } from '../metrics.ts';
import type { Pen } from '../drawing/pen.ts';
import { drawUntrained, untrainedTick, untrainedWidth, type Untrained } from './untrained.ts';
import { gather } from './gather.ts';
import type { TrainingCurvesSpec } from './spec.ts';

function drawBand(
  pen: Pen,
  plot: Plot,
  metric: EpochMetricName,
  points: readonly CurvePoint[],
  color: string,
): void {
  if (!points.some(({ deviation }) => deviation > 0)) return;
  const edge = (side: 'low' | 'high') =>
    points.map((point): [number, number] => [
      toX(plot, point.epoch),
      toY(plot, bandOf(metric, point)[side]),
    ]);
  const outline = [...edge('high'), ...edge('low').reverse()];
  pen.polyline(outline, { fill: color, fillOpacity: 0.2 });
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
    const [x, y] = [toX(plot, point.epoch), toY(plot, point.mean)];
    pen.circle(x, y, pen.style.lineWidthPt * 2.6, {
      fill: '#ffffff',
      stroke: { color, widthPt: pen.style.lineWidthPt * 1.2 },
    });
  }
}

interface PanelPlace {
  metric: EpochMetricName;
  index: number;
  width: number;
  height: number;
}

/** The values of epoch 0 where the axis begins after it. */
const listUntrained = (
  { series, fromEpoch }: TrainingCurvesData,
  metric: EpochMetricName,
  styles: readonly SeriesStyle[],
): Untrained[] =>
  series.flatMap((one, i) => {
    const [first] = foldSeries(one, metric);
    const style = styles[i];
    if (fromEpoch === 0 || first?.epoch !== 0 || style === undefined) return [];
    return [{ value: first.mean, style }];
  });

/** Where the panel's curves lie, and the room left of them for what was before training. */
function layOut(
  pen: Pen,
  { metric, width, height, untrained }: PanelPlace & { untrained: readonly Untrained[] },
  points: readonly CurvePoint[],
  fromEpoch: number,
) {
  const lastEpoch = points.reduce((last, { epoch }) => Math.max(last, epoch), fromEpoch + 1);
  const ends = points.flatMap((point) => {
    const { low, high } = bandOf(metric, point);
    return [low, high];
  });
  const yRange = spanMetric(metric, ends.length > 0 ? ends : untrained.map(({ value }) => value));
  const yTicks = keepAttainable(metric, stackTicks(pen, yRange, height));
  const left = leftMargin(pen, yTicks);
  const whole = width - left - rightMargin(pen);
  const room = untrainedWidth(pen, untrained, yRange);
  // The first curve's points stand clear of the axis's break.
  const gap = room === 0 ? 0 : pen.sizePt * 0.6;
  const perEpoch = (whole - room - gap) / (lastEpoch - fromEpoch);
  const xRange = [fromEpoch - (room + gap) / perEpoch, lastEpoch] as const;
  const plot: Plot = { x: left, y: pen.linePt, width: whole, height, xRange, yRange };
  const epochs = fitTicks(pen, [fromEpoch, lastEpoch], whole - room - gap, true);
  const xTicks = room === 0 ? epochs : [untrainedTick(plot, room), ...epochs];
  return { plot, xTicks, yTicks, room };
}

function drawPanel(
  pen: Pen,
  data: TrainingCurvesData,
  styles: readonly SeriesStyle[],
  place: PanelPlace,
): void {
  const { metric, index } = place;
  const folded = data.series.map((series) => foldSeries(series, metric, data.fromEpoch));
  const untrained = listUntrained(data, metric, styles);
  const laidOut = layOut(pen, { ...place, untrained }, folded.flat(), data.fromEpoch);
  const { plot, xTicks, yTicks, room } = laidOut;
  drawLetter(pen, data.metrics.length > 1 ? panelLetter(index) : '', 0, 0);
  drawAxes(pen, plot, { xTicks, yTicks, xLabel: 'Epoch', yLabel: axisTitle(epochMetrics[metric]) });
  drawUntrained(pen, plot, untrained, room);
  folded.forEach((points, i) => drawBand(pen, plot, metric, points, styles[i]?.color ?? ''));
  folded.forEach((points, i) => {
    const [style, series] = [styles[i], data.series[i]];
    if (style === undefined || series === undefined) return;
    const line = points.map(({ epoch, mean: y }): [number, number] => [
      toX(plot, epoch),
      toY(plot, y),
    ]);
    pen.polyline(line, { stroke: { ...strokeOf(pen, style), hasRoundJoins: true } });
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
  // No lower than the names of its axes are long.
  const names = data.metrics.map((metric) => pen.measure(axisTitle(epochMetrics[metric])));
  const height = Math.max(Math.min(width * 0.62, 180), ...names);
  const styles = styleSeries(data.series.map(({ paradigm }) => paradigm));
  const entries = data.series.map((series, i) => ({
    text: series.runs.length > 1 ? `${series.name} (n = ${series.runs.length})` : series.name,
    style: styles[i] ?? { color: '', dashes: [] },
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

function describeStart({ metrics, series, fromEpoch }: TrainingCurvesData): string {
  if (fromEpoch === 0) return ' (0 is the untrained network)';
  const hasUntrained = series.some((one) =>
    metrics.some((metric) => foldSeries(one, metric)[0]?.epoch === 0),
  );
  if (!hasUntrained) return ` from ${fromEpoch} on`;
  return ` from ${fromEpoch} on (left of the break: the untrained network, epoch 0; an arrow stands for a value beyond the axis)`;
}

function describeBands({ metrics, series, fromEpoch }: TrainingCurvesData): string {
  if (series.every(({ runs }) => runs.length < 2)) return '';
  const isCut = series.some((one) =>
    metrics.some((metric) =>
      foldSeries(one, metric, fromEpoch).some((point) => bandOf(metric, point).isCut),
    ),
  );
  const cut = isCut ? ', cut where the metric can have no such values' : '';
  return ` Lines: means over the seeds, at the epochs that all of them reached; bands: ± one standard deviation${cut}.`;
}

/** Over how many images the values are that the chart shows. */
const drawnCounts = (
  { series, fromEpoch }: TrainingCurvesData,
  metric: EpochMetricName,
): (MeanImages | null)[] =>
  series.flatMap(({ runs }) =>
    runs.flatMap(({ images }) =>
      (images[metric] ?? []).filter((_, epoch) => epoch === 0 || epoch >= fromEpoch),
    ),
  );

/** Any metrics over the epochs, one panel each. */
export const figure: Figure<TrainingCurvesSpec, TrainingCurvesData> = {
  gather,
  draw,
  caption: (data) => {
    const { metrics, series } = data;
    const runs = series.flatMap((one) => one.runs.map(({ run }) => run));
    const defined = metrics.map((metric) => describeMetric(metric, runs)).join('; ');
    const best = series.flatMap(({ name, runs: members }) =>
      describeSeeds(
        name,
        members.map(({ run, bestEpoch }) => ({ run, epoch: bestEpoch ?? undefined })),
      ),
    );
    const notes = [
      noteObjectives(metrics, data.haveOneObjective),
      ...metrics.map((metric) => noteImages(metric, drawnCounts(data, metric))),
      noteVersions(data.versions),
    ];
    return `By epoch${describeStart(data)}, on ${runs[0]?.dataset ?? ''}: ${defined}.${describeBands(data)} Circles: the epoch with the lowest validation loss of ${joinWords(best)}.${notes.join('')}`;
  },
  tabulate: ({ metrics, series }) => {
    const runs = series.flatMap((one) => one.runs);
    const counted = metrics.filter((metric) =>
      runs.some(({ images }) => images[metric]?.some(leavesOut)),
    );
    return {
      columns: [
        'series',
        'run',
        'seed',
        'epoch',
        'best',
        ...metrics,
        ...counted.map((metric) => `${metric} n`),
      ],
      rows: series.flatMap(({ name, runs: members }) =>
        members.flatMap(({ run, bestEpoch, values, images }) => {
          const epochs = Math.max(0, ...metrics.map((metric) => values[metric]?.length ?? 0));
          return Array.from({ length: epochs }, (_, epoch) => [
            name,
            run.id,
            run.seed,
            epoch,
            epoch === bestEpoch,
            ...metrics.map((metric) => values[metric]?.[epoch] ?? null),
            ...counted.map((metric) => images[metric]?.[epoch]?.defined ?? null),
          ]);
        }),
      ),
    };
  },
};
