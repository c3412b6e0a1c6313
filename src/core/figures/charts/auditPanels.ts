import type { Estimate } from '../../trust/auditReport.ts';
import { panelLetter, requireWidth } from '../figure.ts';
import type { Pen } from '../drawing/pen.ts';
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
  toX,
  toY,
  type LegendEntry,
  type Plot,
  type SeriesStyle,
} from './chart.ts';

/** Means over a few positions, with their intervals as upright lines. */
export interface AuditLine {
  style: SeriesStyle;
  points: readonly Estimate[];
}

export interface AuditPanel {
  positions: readonly number[];
  xRange: readonly [number, number];
  yRange: readonly [number, number];
  xLabel: string;
  yLabel: string;
  /** Whether positions count something. */
  whole: boolean;
  lines: readonly AuditLine[];
}

function drawLine(
  pen: Pen,
  plot: Plot,
  positions: readonly number[],
  { style, points }: AuditLine,
) {
  const placed = points.flatMap(({ mean, low, high }, i): [number, number][] => {
    if (mean === null) return [];
    const x = toX(plot, positions[i] ?? 0);
    if (low !== null && high !== null) {
      pen.line(x, toY(plot, low), x, toY(plot, high), { color: style.color });
    }
    return [[x, toY(plot, mean)]];
  });
  pen.polyline(placed, { stroke: strokeOf(pen, style) });
}

function drawPanel(
  pen: Pen,
  panel: AuditPanel,
  index: number,
  width: number,
  height: number,
): void {
  const { xRange, yRange, xLabel, yLabel, whole, positions, lines } = panel;
  const yTicks = stackTicks(pen, yRange, height);
  const left = leftMargin(pen, yTicks);
  const across = width - left - rightMargin(pen);
  const plot: Plot = { x: left, y: pen.linePt, width: across, height, xRange, yRange };
  drawLetter(pen, panelLetter(index), 0, 0);
  for (const line of lines) drawLine(pen, plot, positions, line);
  drawAxes(pen, plot, { xTicks: fitTicks(pen, xRange, across, whole), yTicks, xLabel, yLabel });
}

/** Panels beside each other where they have room, below a legend. @returns the height, pt */
export function drawAuditPanels(
  pen: Pen,
  panels: readonly AuditPanel[],
  legend: readonly LegendEntry[],
): number {
  const least = 13 * pen.sizePt;
  requireWidth(pen.options, least, 'a chart with its axes');
  const top = drawLegend(pen, legend) + 3;
  const fits = pen.style.widthPt >= 2 * least + 8;
  const columns = fits ? Math.min(2, panels.length) : 1;
  const width = (pen.style.widthPt - (columns - 1) * 8) / columns;
  const height = Math.min(width * 0.6, 160);
  const rowHeight = pen.linePt + height + bottomMargin(pen) + 5;
  panels.forEach((panel, index) => {
    const pane = pen.at(
      (index % columns) * (width + 8),
      top + Math.floor(index / columns) * rowHeight,
    );
    drawPanel(pane, panel, index, width, height);
  });
  return top + Math.ceil(panels.length / columns) * rowHeight;
}

/** The range of what lines reach, whole tenths, 0 and 1 always in it. */
export function rangeOfLines(lines: readonly AuditLine[]): readonly [number, number] {
  const values = lines.flatMap(({ points }) =>
    points.flatMap(({ mean, low }) => low ?? mean ?? []),
  );
  return [Math.floor(Math.min(0, ...values) * 10) / 10, 1];
}
