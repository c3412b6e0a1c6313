import { toX, toY, type Plot } from './chart.ts';
import type { Pen } from './pen.ts';

/** The outline of a histogram over the plot's x range, filled faintly. */
export function drawSteps(
  pen: Pen,
  plot: Plot,
  heights: readonly number[],
  { stroke, ...outline }: { stroke: string; 'stroke-width': number; 'stroke-dasharray'?: string },
): void {
  const [low, high] = plot.xRange;
  const base = plot.yRange[0];
  const edge = (i: number): number => toX(plot, low + ((high - low) * i) / heights.length);
  const points: [number, number][] = [[edge(0), toY(plot, base)]];
  heights.forEach((value, i) => {
    const y = toY(plot, Math.max(value, base));
    points.push([edge(i), y], [edge(i + 1), y]);
  });
  points.push([edge(heights.length), toY(plot, base)]);
  pen.polyline(points, { fill: stroke, 'fill-opacity': 0.18 });
  pen.polyline(points, { stroke, 'stroke-linejoin': 'miter', ...outline });
}
