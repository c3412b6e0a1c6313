import type { Calibration } from '../../metrics/calibration.ts';
import {
  bottomMargin,
  drawAxes,
  drawLetter,
  drawYTicks,
  fitTicks,
  leftMargin,
  rightMargin,
  styleSeries,
  toX,
  toY,
  type Plot,
} from '../charts/chart.ts';
import { noteVersions } from '../charts/chartNotes.ts';
import {
  describeRun,
  joinWords,
  minus,
  panelLetter,
  requireWidth,
  type Figure,
  type RunLabel,
} from '../figure.ts';
import { ink, type Pen } from '../drawing/pen.ts';
import { listTicks, type Tick } from '../charts/ticks.ts';
import { gather } from './gather.ts';
import type { ReliabilityDiagramSpec } from './spec.ts';

export interface ReliabilityData {
  /** Of the arithmetic behind the epochs. */
  versions: number[];
  panels: { run: RunLabel; epoch: number; images: number; calibration: Calibration }[];
}

type Panel = ReliabilityData['panels'][number];

/** Shares as percentages. */
const percentTicks: Tick[] = listTicks([0, 100], 5).map(({ value, text }) => ({
  value: value / 100,
  text,
}));

/** Of the panel above: the root of a share is drawn, and the line at its foot is none. */
const countTicks: Tick[] = [25, 100].map((percent) => ({
  value: Math.sqrt(percent / 100),
  text: String(percent),
}));
const countLabel = 'Images (%)';

const formatError = ({ expectedError }: Calibration): string =>
  `${(expectedError * 100).toFixed(2)}%`;

/** A bar per bin, its gap to the diagonal hatched by an outline. */
function drawBars(pen: Pen, plot: Plot, { calibration }: Panel, color: string): void {
  for (const { low, high, accuracy, confidence } of calibration.bins) {
    if (accuracy === null || confidence === null) continue;
    const [x, width] = [toX(plot, low), toX(plot, high) - toX(plot, low)];
    const top = toY(plot, accuracy);
    pen.rect(x, top, width, toY(plot, 0) - top, {
      fill: color,
      fillOpacity: 0.45,
      stroke: { color, widthPt: pen.style.lineWidthPt },
    });
    const ideal = toY(plot, confidence);
    pen.line(x, ideal, x + width, ideal, { widthPt: pen.style.lineWidthPt * 1.6 });
  }
}

/** How many images each bin holds, as bars above the diagram, as high as the root of their share. */
function drawCounts(pen: Pen, plot: Plot, { calibration, images }: Panel, color: string): void {
  for (const { low, high, count } of calibration.bins) {
    const height = Math.sqrt(count / Math.max(1, images)) * plot.height;
    const x = toX(plot, low);
    pen.rect(x, plot.y + plot.height - height, toX(plot, high) - x, height, {
      fill: color,
      stroke: { color: '#ffffff', widthPt: pen.style.lineWidthPt / 2 },
    });
  }
  const bottom = plot.y + plot.height;
  pen.polyline(
    [
      [plot.x, plot.y],
      [plot.x, bottom],
      [plot.x + plot.width, bottom],
    ],
    { stroke: { color: ink, widthPt: pen.style.lineWidthPt } },
  );
  drawYTicks(pen, plot, countTicks, countLabel);
}

/** Height of the images' histogram, of that of the chart under it. */
const countShare = 0.22;
/** Under each row of panels, pt. */
const rowGap = 5;

function drawPanel(
  pen: Pen,
  panel: Panel,
  place: { index: number; width: number; color: string; lettered: boolean },
): number {
  const { index, width, color, lettered } = place;
  const left = leftMargin(pen, percentTicks);
  const side = width - left - rightMargin(pen);
  const letter = lettered ? panelLetter(index) : '';
  drawLetter(pen, letter, 0, 0);
  const error = `ECE ${formatError(panel.calibration)}`;
  pen.text(error, left + side, pen.sizePt * 0.8, { anchor: 'end' });
  const room = side - pen.measure(error) - pen.sizePt;
  pen.text(pen.fit(panel.run.name, room), left, pen.sizePt * 0.8);
  const countHeight = Math.max(side * countShare, pen.measure(countLabel));
  const range = { xRange: [0, 1], yRange: [0, 1] } as const;
  const counts: Plot = {
    x: left,
    y: pen.linePt * 1.15,
    width: side,
    height: countHeight,
    ...range,
  };
  const plot: Plot = {
    x: left,
    y: counts.y + countHeight + pen.linePt,
    width: side,
    height: side,
    ...range,
  };
  drawCounts(pen, counts, panel, '#9a9a9a');
  drawBars(pen, plot, panel, color);
  pen.line(toX(plot, 0), toY(plot, 0), toX(plot, 1), toY(plot, 1), { dashes: [3, 2] });
  drawAxes(pen, plot, {
    xTicks: fitTicks(pen, [0, 1], side),
    yTicks: percentTicks,
    xLabel: 'Confidence',
    yLabel: 'Accuracy (%)',
  });
  return plot.y + side + bottomMargin(pen);
}

/** Widest panel that leaves room on the page for so many rows of panels. */
function widestOnPage(pen: Pen, rows: number): number {
  const around = pen.linePt * 2.15 + bottomMargin(pen) + rowGap;
  const room = pen.style.tallestPt / rows - around;
  const side = Math.min(room / (1 + countShare), room - pen.measure(countLabel));
  return leftMargin(pen, percentTicks) + side + rightMargin(pen);
}

function draw(pen: Pen, { panels }: ReliabilityData): number {
  const least = 14 * pen.sizePt;
  const [gap, widthPt] = [8, pen.style.widthPt];
  requireWidth(pen.options, least, 'a chart with its axes');
  const columns = Math.max(1, Math.min(panels.length, Math.floor((widthPt + gap) / (least + gap))));
  const fitting = Math.max(least, widestOnPage(pen, Math.ceil(panels.length / columns)));
  const wide = Math.min((widthPt - (columns - 1) * gap) / columns, 32 * pen.sizePt);
  const width = Math.min(wide, fitting);
  // What the page's height takes from the panels is left free on both sides of them.
  const indent = (columns * (wide - width)) / 2;
  const styles = styleSeries(panels.map(({ run }) => run.paradigm));
  let [top, rowHeight] = [0, 0];
  panels.forEach((panel, index) => {
    const column = index % columns;
    if (column === 0) top += rowHeight;
    const place = { index, width, color: styles[index]?.color ?? '', lettered: panels.length > 1 };
    rowHeight = drawPanel(pen.at(indent + column * (width + gap), top), panel, place) + rowGap;
  });
  return top + rowHeight;
}

/** Accuracy against confidence, one panel per run. */
export const figure: Figure<ReliabilityDiagramSpec, ReliabilityData> = {
  gather,
  draw,
  caption: ({ panels, versions }) => {
    const errors = panels.map(
      ({ run, epoch, calibration }) => `${describeRun(run, epoch)}: ${formatError(calibration)}`,
    );
    const bins = panels[0]?.calibration.bins.length ?? 0;
    return `Reliability on the ${panels[0]?.images ?? 0} test images of ${panels[0]?.run.dataset ?? ''}: accuracy in ${bins} bins of confidence of equal width; thick lines: mean confidence of the bin; dashed: perfect calibration; above: share of the images in each bin, on a square-root scale. Expected calibration error (ECE, mean over the images of |accuracy ${minus} mean confidence| of their bin): ${joinWords(errors)}.${noteVersions(versions)}`;
  },
  tabulate: ({ panels }) => ({
    columns: ['run', 'epoch', 'low', 'high', 'images', 'confidence', 'accuracy', 'expectedError'],
    rows: panels.flatMap(({ run, epoch, calibration }) =>
      calibration.bins.map(({ low, high, count, confidence, accuracy }) => [
        run.id,
        epoch,
        low,
        high,
        count,
        confidence,
        accuracy,
        calibration.expectedError,
      ]),
    ),
  }),
};
