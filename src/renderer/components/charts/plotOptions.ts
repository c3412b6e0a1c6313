import type uPlot from 'uplot';
import { readToken } from '../../composables/useTheme.ts';
import { drawBand } from './bands.ts';
import { padRange, verticalRange } from './curves.ts';
import type { Curve, PlotKind } from './curves.ts';
import { measureAxis, tickGap, writeSplits } from './tickTexts.ts';

/** A place on the x axis that is marked: a run's best epoch. */
export interface PlotMark {
  x: number;
  token: string;
}

export interface PlotSetup {
  /** As they are now: a run that trains makes them longer. */
  curves: () => readonly Curve[];
  kind: PlotKind;
  isLog: boolean;
  /** Whether points are drawn as dots. */
  hasDots: boolean;
  /** Whether the vertical axis reaches to the untrained model too. */
  withUntrained: boolean;
  /** Plots with the same key share the pointer. */
  syncKey: string;
  /** Whether x counts epochs, so that only whole numbers are ticks. */
  wholeX: boolean;
  marks: () => readonly PlotMark[];
  /** Position of the epoch cursor; null for none. */
  cursor: () => number | null;
  /** x under the pointer; null when it has left. */
  onHover: (x: number | null) => void;
}

const tickFont = (): string => `11px ${readToken('--font')}`;

// oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- a const enum, not there at run time
const logarithmic = 3 as uPlot.Scale.Distr;

function verticalLine(
  plot: uPlot,
  x: number,
  color: string,
  dash: readonly number[],
  width: number,
): void {
  const { ctx, bbox } = plot;
  const left = Math.round(plot.valToPos(x, 'x', true)) + 0.5;
  if (left < bbox.left - 1 || left > bbox.left + bbox.width + 1) return;
  ctx.save();
  ctx.strokeStyle = color;
  ctx.lineWidth = width * devicePixelRatio;
  ctx.setLineDash(dash.map((length) => length * devicePixelRatio));
  ctx.beginPath();
  ctx.moveTo(left, bbox.top);
  ctx.lineTo(left, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}

const buildSeries = ({ label, token, dashed, dash }: Curve, hasDots: boolean): uPlot.Series => ({
  label,
  stroke: () => readToken(token),
  width: 1.75,
  spanGaps: true,
  ...(dash !== undefined && dash.length > 0 ? { dash: [...dash] } : {}),
  ...(dashed ? { dash: [5, 4] } : {}),
  points: { show: hasDots, size: 5, fill: () => readToken(token) },
});

const buildAxis = (kind: PlotKind, size: uPlot.Axis.Size): uPlot.Axis => ({
  stroke: () => readToken('--plot-axis'),
  font: tickFont(),
  grid: { stroke: () => readToken('--plot-grid'), width: 1 },
  ticks: { show: false },
  values: (_plot, splits, _axis, _space, step) => writeSplits(kind, splits, step),
  size,
  space: 48,
  gap: tickGap,
});

/** All positions, with room on both sides; uPlot's own range for a single one is no use. */
const horizontalRange = ({ data: [x] }: uPlot): [number, number] =>
  padRange(x[0] ?? 0, x.at(-1) ?? 1, 0.02, 0.5);

/** Options of a plot of `width` x `height` CSS pixels. */
export function buildPlotOptions(setup: PlotSetup, width: number, height: number): uPlot.Options {
  const { curves, kind, isLog, hasDots, syncKey, wholeX, marks, cursor, onHover } = setup;
  const drawMarks = (plot: uPlot): void => {
    for (const { x, token } of marks()) verticalLine(plot, x, readToken(token), [2, 3], 1);
    const at = cursor();
    if (at !== null) verticalLine(plot, at, readToken('--accent'), [], 1.5);
  };
  const xAxis = buildAxis('count', 24);
  return {
    width,
    height,
    legend: { show: false },
    padding: [8, 10, 0, 0],
    cursor: {
      sync: { key: syncKey, scales: ['x', null] },
      drag: { x: false, y: false },
      points: { size: 7 },
      y: false,
    },
    scales: {
      x: { time: false, range: horizontalRange },
      y: isLog
        ? { distr: logarithmic }
        : { range: () => verticalRange(curves(), setup.withUntrained) },
    },
    axes: [
      wholeX ? { ...xAxis, incrs: [1, 2, 5, 10, 20, 50, 100, 200] } : xAxis,
      buildAxis(kind, ({ ctx }: uPlot, texts: string[] | null) =>
        measureAxis(ctx, tickFont(), texts),
      ),
    ],
    series: [{}, ...curves().map((curve) => buildSeries(curve, hasDots))],
    hooks: {
      drawAxes: [
        (plot) => {
          for (const curve of curves()) drawBand(plot, curve, readToken(curve.token));
        },
      ],
      draw: [drawMarks],
      setCursor: [
        (plot) => {
          const { idx } = plot.cursor;
          onHover(idx == null ? null : (plot.data[0][idx] ?? null));
        },
      ],
    },
  };
}
