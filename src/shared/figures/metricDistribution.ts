import {
  bottomMargin,
  drawAxes,
  drawLegend,
  drawLetter,
  leftMargin,
  rightMargin,
  listTicks,
  strokeOf,
  styleSeries,
  toX,
  type Plot,
} from './chart.ts';
import {
  describeRun,
  formatNumber,
  panelLetter,
  minus,
  requireWidth,
  shortNames,
  type Figure,
  type RunLabel,
} from './figure.ts';
import { chooseBins, drawSteps } from './histogram.ts';
import { exampleMetrics, type ExampleMetric } from './metrics.ts';
import { drawSheet, type Pen } from './pen.ts';
import { countBins, mean } from './statistics.ts';

/** Two runs on the same images, in the same order. */
export interface MetricDistributionData {
  metric: ExampleMetric;
  first: { run: RunLabel; epoch: number; values: number[] };
  second: { run: RunLabel; epoch: number; values: number[] };
  exampleIds: number[];
  /** Images left out because the metric is undefined in either run. */
  undefinedImages: number;
}

/** About so many bins. */
const binCount = 40;

const differences = ({ first, second }: MetricDistributionData): number[] =>
  second.values.map((value, i) => value - (first.values[i] ?? 0));

interface Panel {
  index: number;
  width: number;
  height: number;
  xRange: readonly [number, number];
  xLabel: string;
  histograms: { counts: number[]; color: string; dashes: string; mean: number }[];
}

function drawPanel(pen: Pen, panel: Panel): void {
  const largest = Math.max(...panel.histograms.flatMap(({ counts }) => counts));
  const yRange = [0, largest * 1.05] as const;
  const yTicks = listTicks(yRange, 4, true);
  const left = leftMargin(pen, yTicks);
  const plot: Plot = {
    x: left,
    y: pen.linePt,
    width: panel.width - left - rightMargin(pen),
    height: panel.height,
    xRange: panel.xRange,
    yRange,
  };
  drawLetter(pen, panelLetter(panel.index), 0, 0);
  for (const { counts, color, dashes, mean: centre } of panel.histograms) {
    drawSteps(pen, plot, counts, strokeOf(pen, { color, dashes }));
    const x = toX(plot, centre);
    pen.line(x, plot.y, x, plot.y + plot.height, { stroke: color, 'stroke-dasharray': '2 1.5' });
  }
  const [low, high] = panel.xRange;
  if (low < 0 && high > 0 && panel.index === 1) {
    pen.line(toX(plot, 0), plot.y, toX(plot, 0), plot.y + plot.height, {});
  }
  const xTicks = listTicks(panel.xRange, Math.max(2, Math.floor(plot.width / 30)));
  drawAxes(pen, plot, { xTicks, yTicks, xLabel: panel.xLabel, yLabel: 'Test images' });
}

function listPanels(data: MetricDistributionData, width: number, height: number): Panel[] {
  const { first, second, metric } = data;
  const styles = styleSeries([first.run.paradigm, second.run.paradigm]);
  const own = chooseBins([...first.values, ...second.values], binCount);
  const paired = differences(data);
  const range = chooseBins([0, ...paired], binCount);
  const title = exampleMetrics[metric].title;
  const names = shortNames(first.run, second.run);
  const size = { width, height };
  return [
    {
      ...size,
      index: 0,
      xRange: own.range,
      xLabel: title,
      histograms: [first, second].map(({ values }, i) => ({
        counts: countBins(values, own.range, own.count),
        color: styles[i]?.color ?? '',
        dashes: styles[i]?.dashes ?? '',
        mean: mean(values),
      })),
    },
    {
      ...size,
      index: 1,
      xRange: range.range,
      xLabel: `Difference, ${names[1]} ${minus} ${names[0]}`,
      histograms: [
        {
          counts: countBins(paired, range.range, range.count),
          color: '#555555',
          dashes: '',
          mean: mean(paired),
        },
      ],
    },
  ];
}

function draw(pen: Pen, data: MetricDistributionData): number {
  const least = 13 * pen.sizePt;
  requireWidth(pen.options, least, 'a chart with its axes');
  const { first, second } = data;
  const styles = styleSeries([first.run.paradigm, second.run.paradigm]);
  const entries = [first, second].map(({ run }, i) => ({
    text: run.name,
    style: styles[i] ?? { color: '', dashes: '' },
    key: 'box' as const,
  }));
  const top = drawLegend(pen, entries) + 3;
  const columns = pen.style.widthPt >= 2 * least + 8 ? 2 : 1;
  const width = (pen.style.widthPt - (columns - 1) * 8) / columns;
  const height = Math.min(width * 0.6, 200);
  const rowHeight = pen.linePt + height + bottomMargin(pen) + 5;
  const panels = listPanels(data, width, height);
  panels.forEach((panel, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    drawPanel(pen.at(column * (width + 8), top + row * rowHeight), panel);
  });
  return top + (panels.length / columns) * rowHeight;
}

/** A metric of every image under two runs, and its paired difference. */
export const metricDistribution: Figure<MetricDistributionData> = {
  render: (data, options, document) => drawSheet(options, document, (pen) => draw(pen, data)),
  caption: (data) => {
    const { metric, first, second, undefinedImages, exampleIds } = data;
    const paired = differences(data);
    const larger = paired.filter((value) => value > 0).length / Math.max(1, paired.length);
    const { title, definition } = exampleMetrics[metric];
    const names = shortNames(first.run, second.run);
    const left =
      undefinedImages === 0
        ? ''
        : ` ${undefinedImages} images are left out: the metric is undefined for them in one run or both.`;
    return `${title} (${definition}) of the same ${exampleIds.length} test images of ${first.run.dataset}. (a) ${names[0]}: ${describeRun(first.run, first.epoch)}; ${names[1]}: ${describeRun(second.run, second.epoch)}. (b) Difference per image, ${names[1]} ${minus} ${names[0]}: mean ${formatNumber(mean(paired), 3)}, positive for ${(larger * 100).toFixed(1)}% of the images. Dashed: means.${left}`;
  },
  tabulate: ({ metric, first, second, exampleIds }) => ({
    columns: ['exampleId', `${metric} ${first.run.id}`, `${metric} ${second.run.id}`],
    rows: exampleIds.map((id, i) => [id, first.values[i] ?? null, second.values[i] ?? null]),
  }),
};
