import {
  bottomMargin,
  drawAxes,
  drawLegend,
  drawLetter,
  fitTicks,
  leftMargin,
  rightMargin,
  strokeOf,
  styleSeries,
  toX,
  type Plot,
} from '../charts/chart.ts';
import { noteVersions } from '../charts/chartNotes.ts';
import { buildCountAxis, chooseCountScale } from '../charts/countAxis.ts';
import type { CountScale } from '../fields.ts';
import {
  describeRun,
  formatNumber,
  panelLetter,
  minus,
  requireWidth,
  shortNames,
  type Figure,
  type RunLabel,
} from '../figure.ts';
import { chooseBins, drawSteps } from '../charts/histogram.ts';
import { exampleMetrics, type ReadyMetricName } from '../../metrics/exampleMetrics.ts';
import { capitalTitle, completeDefinition } from '../../metrics/metric.ts';
import type { Pen } from '../drawing/pen.ts';
import { countBins, mean } from '../statistics.ts';
import { gather } from './gather.ts';
import type { MetricDistributionSpec } from './spec.ts';

/** A run's values of the same images as the other's, in their order; null where undefined. */
interface Side {
  run: RunLabel;
  epoch: number;
  values: (number | null)[];
}

/** Two runs on the same images. */
export interface MetricDistributionData {
  metric: ReadyMetricName;
  countScale: CountScale | 'auto';
  first: Side;
  second: Side;
  exampleIds: number[];
  /** Of the arithmetic behind the epochs. */
  versions: number[];
}

/** About so many bins. */
const binCount = 40;

/** The images for which the metric is defined under both runs: [first, second] each. */
const listPairs = ({ first, second }: MetricDistributionData): [number, number][] =>
  first.values.flatMap((value, i): [number, number][] => {
    const other = second.values[i] ?? null;
    return value === null || other === null ? [] : [[value, other]];
  });

interface Panel {
  xRange: readonly [number, number];
  xLabel: string;
  /** Whether x is a difference, of which zero is marked. */
  isPaired: boolean;
  histograms: { counts: number[]; color: string; dashes: readonly number[]; mean: number }[];
}

const listCounts = ({ histograms }: Panel): number[] => histograms.flatMap(({ counts }) => counts);

function drawPanel(
  pen: Pen,
  panel: Panel,
  place: { index: number; width: number; height: number; scale: CountScale },
): void {
  const { index, width, height, scale } = place;
  const { xRange, histograms } = panel;
  const axis = buildCountAxis(pen, listCounts(panel), scale, height);
  const { yRange, yTicks } = axis;
  const left = leftMargin(pen, yTicks);
  const across = width - left - rightMargin(pen);
  const plot: Plot = { x: left, y: pen.linePt, width: across, height, xRange, yRange };
  drawLetter(pen, panelLetter(index), 0, 0);
  for (const { counts, color, dashes, mean: centre } of histograms) {
    drawSteps(pen, plot, counts.map(axis.toHeight), strokeOf(pen, { color, dashes }));
    const x = toX(plot, centre);
    pen.line(x, plot.y, x, plot.y + height, { color, dashes: [2, 1.5] });
  }
  const [low, high] = xRange;
  if (panel.isPaired && low < 0 && high > 0) {
    pen.line(toX(plot, 0), plot.y, toX(plot, 0), plot.y + height, {});
  }
  const xTicks = fitTicks(pen, xRange, across);
  drawAxes(pen, plot, { xTicks, yTicks, xLabel: panel.xLabel, yLabel: 'Test images' });
}

function listPanels(data: MetricDistributionData): Panel[] {
  const { first, second, metric } = data;
  const styles = styleSeries([first.run.paradigm, second.run.paradigm]);
  const pairs = listPairs(data);
  const own = chooseBins(pairs.flat(), binCount);
  const paired = pairs.map(([one, other]) => other - one);
  const range = chooseBins([0, ...paired], binCount);
  const names = shortNames(first.run, second.run);
  const sides = [pairs.map(([one]) => one), pairs.map(([, other]) => other)];
  const grey = { color: '#555555', dashes: [] };
  return [
    {
      isPaired: false,
      xRange: own.range,
      xLabel: capitalTitle(exampleMetrics[metric]),
      histograms: sides.map((values, i) => ({
        ...(styles[i] ?? grey),
        counts: countBins(values, own.range, own.count),
        mean: mean(values),
      })),
    },
    {
      isPaired: true,
      xRange: range.range,
      xLabel: `Difference, ${names[1]} ${minus} ${names[0]}`,
      histograms: [
        { ...grey, counts: countBins(paired, range.range, range.count), mean: mean(paired) },
      ],
    },
  ];
}

/** One scale for both panels: logarithmic where either needs it. */
function scaleOf({ countScale }: MetricDistributionData, panels: readonly Panel[]): CountScale {
  if (countScale !== 'auto') return countScale;
  return panels.some((panel) => chooseCountScale(listCounts(panel)) === 'log') ? 'log' : 'linear';
}

function draw(pen: Pen, data: MetricDistributionData): number {
  const least = 13 * pen.sizePt;
  requireWidth(pen.options, least, 'a chart with its axes');
  const { first, second } = data;
  const styles = styleSeries([first.run.paradigm, second.run.paradigm]);
  const entries = [first, second].map(({ run }, i) => ({
    text: run.name,
    style: styles[i] ?? { color: '', dashes: [] },
    key: 'box' as const,
  }));
  const top = drawLegend(pen, entries) + 3;
  const columns = pen.style.widthPt >= 2 * least + 8 ? 2 : 1;
  const width = (pen.style.widthPt - (columns - 1) * 8) / columns;
  const height = Math.min(width * 0.6, 200);
  const rowHeight = pen.linePt + height + bottomMargin(pen) + 5;
  const panels = listPanels(data);
  const scale = scaleOf(data, panels);
  panels.forEach((panel, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    const pane = pen.at(column * (width + 8), top + row * rowHeight);
    drawPanel(pane, panel, { index, width, height, scale });
  });
  return top + (panels.length / columns) * rowHeight;
}

/** How many images are left out, and under which run the metric is undefined for them. */
function describeLeftOut(data: MetricDistributionData): string {
  const { first, second, exampleIds } = data;
  const left = exampleIds.length - listPairs(data).length;
  if (left === 0) return '';
  const lacking = [first, second].map(
    ({ values }) => values.filter((value) => value === null).length,
  );
  const names = shortNames(first.run, second.run);
  return ` ${left} of their ${exampleIds.length} common test images are left out, for which the metric is undefined: ${lacking[0] ?? 0} under ${names[0]}, ${lacking[1] ?? 0} under ${names[1]}.`;
}

/** A metric of every image under two runs, and its paired difference. */
export const figure: Figure<MetricDistributionSpec, MetricDistributionData> = {
  gather,
  draw,
  caption: (data) => {
    const { metric, first, second } = data;
    const paired = listPairs(data).map(([one, other]) => other - one);
    const larger = paired.filter((value) => value > 0).length / Math.max(1, paired.length);
    const title = capitalTitle(exampleMetrics[metric]);
    const definition = completeDefinition(exampleMetrics[metric], [first.run, second.run]);
    const names = shortNames(first.run, second.run);
    const isLog = scaleOf(data, listPanels(data)) === 'log';
    const scale = isLog ? ' Numbers of images on a logarithmic scale.' : '';
    return `${title} (${definition}) of the same ${paired.length} test images of ${first.run.dataset}. (a) ${names[0]}: ${describeRun(first.run, first.epoch)}; ${names[1]}: ${describeRun(second.run, second.epoch)}. (b) Difference per image, ${names[1]} ${minus} ${names[0]}: mean ${formatNumber(mean(paired), 3)}, positive for ${(larger * 100).toFixed(1)}% of the images. Dashed: means.${scale}${describeLeftOut(data)}${noteVersions(data.versions)}`;
  },
  tabulate: ({ metric, first, second, exampleIds }) => ({
    columns: ['exampleId', `${metric} ${first.run.id}`, `${metric} ${second.run.id}`],
    rows: exampleIds.map((id, i) => [id, first.values[i] ?? null, second.values[i] ?? null]),
  }),
};
