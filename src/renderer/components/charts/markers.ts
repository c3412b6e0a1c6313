import type uPlot from 'uplot';
import type { Curve } from './curves.ts';

/** What marks the points of a line, so that lines of one colour are told apart. */
export interface SeriesMarker {
  shape: (typeof shapes)[number];
  /** Whether it is a ring of its shape. */
  isHollow: boolean;
}
const shapes = ['circle', 'square', 'triangle', 'diamond', 'wedge', 'cross'] as const;

/** The marker of the `index`-th of several, from 0; twelve differ. */
export const markerAt = (index: number): SeriesMarker => ({
  shape: shapes[index % shapes.length] ?? 'circle',
  isHollow: Math.floor(index / shapes.length) % 2 === 1,
});

/** Corners around a centre, in units of the reach. */
const corners: Record<Exclude<SeriesMarker['shape'], 'circle'>, readonly [number, number][]> = {
  square: [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  triangle: [
    [0, -1.1],
    [1, 0.8],
    [-1, 0.8],
  ],
  diamond: [
    [0, -1.2],
    [1.2, 0],
    [0, 1.2],
    [-1.2, 0],
  ],
  wedge: [
    [0, 1.1],
    [1, -0.8],
    [-1, -0.8],
  ],
  cross: [
    [-0.4, -1.1],
    [0.4, -1.1],
    [0.4, -0.4],
    [1.1, -0.4],
    [1.1, 0.4],
    [0.4, 0.4],
    [0.4, 1.1],
    [-0.4, 1.1],
    [-0.4, 0.4],
    [-1.1, 0.4],
    [-1.1, -0.4],
    [-0.4, -0.4],
  ],
};

/** An SVG path of a shape around a point, also for a canvas's `Path2D`; `reach` is about its radius. */
export function markerPath(
  shape: SeriesMarker['shape'],
  { x, y, reach }: { x: number; y: number; reach: number },
): string {
  if (shape === 'circle') {
    const arc = `a${reach} ${reach} 0 1 0 `;
    return `M${x - reach} ${y}${arc}${2 * reach} 0${arc}${-2 * reach} 0Z`;
  }
  const points = corners[shape].map(([dx, dy]) => `${x + dx * reach} ${y + dy * reach}`);
  return `M${points.join('L')}Z`;
}

/** Points of a curve that are marked at the most: more would be a thick line. */
const mostMarked = 20;

/** Marks a curve's points within the plot, every so-many-th of a long one. */
export function drawMarkers(
  plot: uPlot,
  { x, y, marker }: Curve,
  colors: { line: string; ground: string },
): void {
  if (marker === undefined) return;
  const { ctx, bbox } = plot;
  const reach = 3.2 * devicePixelRatio;
  const stride = Math.ceil(x.length / mostMarked);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left - reach, bbox.top, bbox.width + 2 * reach, bbox.height);
  ctx.clip();
  ctx.strokeStyle = colors.line;
  ctx.fillStyle = marker.isHollow ? colors.ground : colors.line;
  ctx.lineWidth = 1.25 * devicePixelRatio;
  for (let i = 0; i < x.length; i += stride) {
    const value = y[i] ?? null;
    if (value === null) continue;
    const at = { x: plot.valToPos(x[i] ?? 0, 'x', true), y: plot.valToPos(value, 'y', true) };
    const path = new Path2D(markerPath(marker.shape, { ...at, reach }));
    ctx.fill(path);
    ctx.stroke(path);
  }
  ctx.restore();
}
