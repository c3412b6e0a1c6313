import {
  bottomMargin,
  drawAxes,
  drawLegend,
  leftMargin,
  rightMargin,
  strokeOf,
  styleSeries,
  toX,
  listTicks,
  type Tick,
} from './chart.ts';
import { describeRun, joinWords, requireWidth, type Figure, type RunLabel } from './figure.ts';
import { drawSteps } from './histogram.ts';
import { drawSheet, type Pen } from './pen.ts';

export interface ConfidenceHistogramData {
  threshold: number;
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

/** 1, 10, 100, ... up to the largest that is not above `top`, a decadic logarithm. */
const decadeTicks = (top: number): Tick[] =>
  Array.from({ length: Math.floor(top) + 1 }, (_, power) => ({
    value: power,
    text: String(10 ** power),
  }));

/** Counts on a logarithmic axis; none lies at the bottom, half a decade below one. */
const bottom = -0.5;
const toLog = (count: number): number => (count === 0 ? bottom : Math.log10(count));

function draw(pen: Pen, { series, threshold }: ConfidenceHistogramData): number {
  requireWidth(pen.options, 13 * pen.sizePt, 'a chart with its axes');
  const styles = styleSeries(series.map(({ run }) => run.paradigm));
  const entries = series.map(({ run }, i) => ({
    text: run.name,
    style: styles[i] ?? { color: '', dashes: '' },
    key: 'box' as const,
  }));
  const top = drawLegend(pen, entries) + 4;
  const largest = Math.max(...series.flatMap(({ counts }) => counts));
  const highest = Math.log10(Math.max(10, largest)) + 0.2;
  const yTicks = decadeTicks(highest);
  const left = leftMargin(pen, yTicks);
  const width = pen.style.widthPt - left - rightMargin(pen);
  const height = Math.min(width * 0.55, 220);
  const plot = {
    x: left,
    y: top,
    width,
    height,
    xRange: [0, 1],
    yRange: [bottom, highest],
  } as const;
  series.forEach(({ counts }, i) => {
    const style = styles[i];
    if (style) drawSteps(pen, plot, counts.map(toLog), strokeOf(pen, style));
  });
  const x = toX(plot, threshold);
  pen.line(x, top, x, top + height, { 'stroke-dasharray': '2 2' });
  pen.text(String(threshold), x + 2, top + pen.sizePt * 0.8);
  drawAxes(pen, plot, {
    xTicks: listTicks([0, 1], 5),
    yTicks,
    xLabel: 'Confidence',
    yLabel: 'Test images',
  });
  return top + height + bottomMargin(pen) + 1;
}

/** How confidence is spread, one outline per run. */
export const confidenceHistogram: Figure<ConfidenceHistogramData> = {
  render: (data, options, document) => drawSheet(options, document, (pen) => draw(pen, data)),
  caption: ({ series, threshold }) => {
    const parts = series.map(
      ({ run, epoch, unsure, images }) => `${unsure} of ${images} for ${describeRun(run, epoch)}`,
    );
    return `Confidence (largest probability) on the test images of ${series[0]?.run.dataset ?? ''}, right or wrong, in ${series[0]?.counts.length ?? 0} bins, logarithmic scale. Dashed line: the threshold ${threshold} of low confidence. Images below it: ${joinWords(parts)}.`;
  },
  tabulate: ({ series }) => ({
    columns: ['run', 'epoch', 'low', 'high', 'images'],
    rows: series.flatMap(({ run, epoch, counts }) =>
      counts.map((count, i) => [run.id, epoch, i / counts.length, (i + 1) / counts.length, count]),
    ),
  }),
};
