import type uPlot from 'uplot';
import { readToken } from '../../composables/useTheme.ts';
import { drawBand } from './bands.ts';
import { dashOf, verticalRange } from './curves.ts';
import { drawMarkers } from './markers.ts';
import type { Curve, PlotKind } from './curves.ts';
import { cutCurve, findOutside, type XRange } from './plotRange.ts';
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
  /** From where to where the x axis goes. */
  range: () => XRange;
  /** Which curves are drawn. */
  isShown: (curve: Curve) => boolean;
  /** A stretch of the x axis was dragged over. */
  onSelect: (range: XRange) => void;
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

/** Hints at values of the untrained model that the vertical axis does not reach, at its ends. */
function drawOutside(plot: uPlot, curves: readonly Curve[]): void {
  const { ctx, bbox, scales } = plot;
  const { min = 0, max = 0 } = scales['y'] ?? {};
  for (const { x, y, untrained, token } of curves) {
    const side = untrained > 0 ? findOutside(y[0], [min, max]) : null;
    if (side === null) continue;
    const [left, size] = [plot.valToPos(x[0] ?? 0, 'x', true), 5 * devicePixelRatio];
    if (left < bbox.left - size) continue;
    const [edge, inwards] = side === 'above' ? [bbox.top, 1] : [bbox.top + bbox.height, -1];
    ctx.save();
    ctx.fillStyle = readToken(token);
    ctx.beginPath();
    ctx.moveTo(left, edge);
    ctx.lineTo(left - size, edge + 1.6 * inwards * size);
    ctx.lineTo(left + size, edge + 1.6 * inwards * size);
    ctx.fill();
    ctx.restore();
  }
}

const buildSeries = (curve: Curve, hasDots: boolean, show: boolean): uPlot.Series => ({
  label: curve.label,
  show,
  stroke: () => readToken(curve.token),
  width: curve.isFine === true ? 1 : 1.75,
  spanGaps: true,
  dash: dashOf(curve),
  points: {
    show: hasDots && curve.isFine !== true && curve.marker === undefined,
    size: 5,
    fill: () => readToken(curve.token),
  },
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

/** Dragging over a stretch takes it for the axis; a click is none. */
function selectRange(plot: uPlot, onSelect: PlotSetup['onSelect']): void {
  const { left, width } = plot.select;
  if (width <= 0) return;
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onSelect([plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')]);
}

/** Pixels that the pointer must move before it drags. */
const leastDrag = 6;

/** Options of a plot of `width` x `height` CSS pixels. */
export function buildPlotOptions(setup: PlotSetup, width: number, height: number): uPlot.Options {
  const { curves, kind, isLog, hasDots, syncKey, wholeX, marks, cursor, onHover } = setup;
  const shown = (): Curve[] => curves().filter(setup.isShown);
  const drawMarks = (plot: uPlot): void => {
    drawOutside(plot, shown());
    for (const curve of shown()) {
      drawMarkers(plot, curve, { line: readToken(curve.token), ground: readToken('--surface') });
    }
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
      drag: { x: true, y: false, setScale: false, dist: leastDrag },
      // What a double click does is the figure's matter.
      bind: { dblclick: () => () => null },
      points: { size: 7 },
      y: false,
    },
    scales: {
      x: { time: false, range: () => [...setup.range()] },
      y: isLog
        ? { distr: logarithmic }
        : {
            range: () =>
              verticalRange(
                shown().map((curve) => cutCurve(curve, setup.range())),
                setup.withUntrained,
              ),
          },
    },
    axes: [
      wholeX ? { ...xAxis, incrs: [1, 2, 5, 10, 20, 50, 100, 200] } : xAxis,
      buildAxis(kind, ({ ctx }: uPlot, texts: string[] | null) =>
        measureAxis(ctx, tickFont(), texts),
      ),
    ],
    series: [{}, ...curves().map((curve) => buildSeries(curve, hasDots, setup.isShown(curve)))],
    hooks: {
      drawAxes: [
        (plot) => shown().forEach((curve) => drawBand(plot, curve, readToken(curve.token))),
      ],
      draw: [drawMarks],
      setSelect: [(plot) => selectRange(plot, setup.onSelect)],
      setCursor: [
        (plot) => {
          const { idx } = plot.cursor;
          onHover(idx == null ? null : (plot.data[0][idx] ?? null));
        },
      ],
    },
  };
}
