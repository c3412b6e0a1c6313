import {
  bottomMargin,
  drawAxes,
  drawLegend,
  fitTicks,
  leftMargin,
  rightMargin,
  strokeOf,
  styleSeries,
  toX,
  type Plot,
} from '../charts/chart.ts';
import { noteVersions } from '../charts/chartNotes.ts';
import { buildCountAxis } from '../charts/countAxis.ts';
import type { CountScale } from '../fields.ts';
import { describeRun, joinWords, requireWidth, type Figure, type RunLabel } from '../figure.ts';
import { drawSteps } from '../charts/histogram.ts';
import type { Pen } from '../drawing/pen.ts';
import { gather } from './gather.ts';
import type { ConfidenceHistogramSpec } from './spec.ts';

export interface ConfidenceHistogramData {
  threshold: number;
  countScale: CountScale;
  /** Of the arithmetic behind the epochs. */
  versions: number[];
  series: {
    run: RunLabel;
    epoch: number;
    images: number;
    /** Images below the threshold. */
    unsure: number;
    /** By bins of equal width over [0, 1]. */
    counts: number[];
  }[];
}

/** A line at the threshold with its value, on the side where there is room. */
function drawThreshold(pen: Pen, plot: Plot, threshold: number): void {
  const [x, text] = [toX(plot, threshold), String(threshold)];
  pen.line(x, plot.y, x, plot.y + plot.height, { dashes: [2, 2] });
  const isRight = x + 2 + pen.measure(text) <= plot.x + plot.width;
  const baseline = plot.y + pen.sizePt * 0.8;
  if (isRight) pen.text(text, x + 2, baseline);
  else pen.text(text, x - 2, baseline, { anchor: 'end' });
}

function draw(pen: Pen, { series, threshold, countScale }: ConfidenceHistogramData): number {
  requireWidth(pen.options, 13 * pen.sizePt, 'a chart with its axes');
  const styles = styleSeries(series.map(({ run }) => run.paradigm));
  const entries = series.map(({ run }, i) => ({
    text: run.name,
    style: styles[i] ?? { color: '', dashes: [] },
    key: 'box' as const,
  }));
  const top = drawLegend(pen, entries) + 4;
  const height = Math.min(pen.style.widthPt * 0.48, 220);
  const all = series.flatMap(({ counts }) => counts);
  const { toHeight, yRange, yTicks } = buildCountAxis(pen, all, countScale, height);
  const left = leftMargin(pen, yTicks);
  const width = pen.style.widthPt - left - rightMargin(pen);
  const plot: Plot = { x: left, y: top, width, height, xRange: [0, 1], yRange };
  series.forEach(({ counts }, i) => {
    const style = styles[i];
    if (style) drawSteps(pen, plot, counts.map(toHeight), strokeOf(pen, style));
  });
  drawThreshold(pen, plot, threshold);
  drawAxes(pen, plot, {
    xTicks: fitTicks(pen, [0, 1], width),
    yTicks,
    xLabel: 'Confidence',
    yLabel: 'Test images',
  });
  return top + height + bottomMargin(pen) + 1;
}

/** How confidence is spread, one outline per run. */
export const figure: Figure<ConfidenceHistogramSpec, ConfidenceHistogramData> = {
  gather,
  draw,
  caption: ({ series, threshold, countScale, versions }) => {
    const parts = series.map(
      ({ run, epoch, unsure, images }) => `${unsure} of ${images} for ${describeRun(run, epoch)}`,
    );
    const scale = countScale === 'log' ? ', numbers of images on a logarithmic scale' : '';
    return `Confidence (largest probability) on the test images of ${series[0]?.run.dataset ?? ''}, right or wrong, in ${series[0]?.counts.length ?? 0} bins${scale}. Dashed line: the threshold ${threshold} of low confidence. Images below it: ${joinWords(parts)}.${noteVersions(versions)}`;
  },
  tabulate: ({ series }) => ({
    columns: ['run', 'epoch', 'low', 'high', 'images'],
    rows: series.flatMap(({ run, epoch, counts }) =>
      counts.map((count, i) => [run.id, epoch, i / counts.length, (i + 1) / counts.length, count]),
    ),
  }),
};
