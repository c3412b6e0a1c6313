import { toX, toY, type Plot } from './chart.ts';
import type { Pen } from '../drawing/pen.ts';
import type { Stroke } from '../drawing/shapes.ts';
import { roundStep } from './ticks.ts';

/** The outline of a histogram over the plot's x range, filled faintly; empty bins have none. */
export function drawSteps(pen: Pen, plot: Plot, heights: readonly number[], stroke: Stroke): void {
  const [low, high] = plot.xRange;
  const base = plot.yRange[0];
  const bottom = toY(plot, base);
  const edge = (i: number): number => toX(plot, low + ((high - low) * i) / heights.length);
  const points: ([number, number] | null)[] = [];
  heights.forEach((value, i) => {
    if (value <= base) return;
    const y = toY(plot, value);
    if ((heights[i - 1] ?? base) <= base) points.push([edge(i), bottom]);
    points.push([edge(i), y], [edge(i + 1), y]);
    if ((heights[i + 1] ?? base) <= base) points.push([edge(i + 1), bottom], null);
  });
  pen.polyline(points, { fill: stroke.color, fillOpacity: 0.18 });
  pen.polyline(points, { stroke });
}

export interface Bins {
  range: readonly [number, number];
  count: number;
}

/**
 * About `wanted` bins that hold all values, one where those are all the same, with edges at multiples
 * of a round width: zero is never inside a bin, so that no bin mixes signs.
 */
export function chooseBins(values: readonly number[], wanted: number): Bins {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const width = roundStep((high > low ? high - low : 1) / wanted);
  const first = Math.floor(low / width + 1e-9);
  const last = Math.max(Math.ceil(high / width - 1e-9), first + 1);
  return { range: [first * width, last * width], count: last - first };
}
