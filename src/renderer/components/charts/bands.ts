import type uPlot from 'uplot';
import type { Curve } from './curves.ts';

/** Of a band's colour; several lie upon each other. */
const opacity = 0.16;

/** Stretches of a curve without a gap in its band, as [x, low, high]. */
export function bandStretches({
  x,
  y,
  spread,
}: Pick<Curve, 'x' | 'y' | 'spread'>): [number, number, number][][] {
  const stretches: [number, number, number][][] = [[]];
  for (const [i, at] of x.entries()) {
    const [value, reach] = [y[i] ?? null, spread?.[i] ?? null];
    if (value !== null && reach !== null)
      stretches.at(-1)?.push([at, value - reach, value + reach]);
    else if (stretches.at(-1)?.length !== 0) stretches.push([]);
  }
  return stretches.filter(({ length }) => length > 1);
}

/** Fills what a curve's spread reaches, under all curves. */
export function drawBand(plot: uPlot, curve: Curve, color: string): void {
  const { ctx, bbox } = plot;
  const floor = plot.scales['y']?.min ?? 0;
  const place = (x: number, y: number): [number, number] => [
    plot.valToPos(x, 'x', true),
    // A logarithmic axis has no place for what is not positive.
    plot.valToPos(Math.max(y, floor), 'y', true),
  ];
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.globalAlpha = opacity;
  ctx.fillStyle = color;
  for (const stretch of bandStretches(curve)) {
    ctx.beginPath();
    for (const [x, , high] of stretch) ctx.lineTo(...place(x, high));
    for (const [x, low] of stretch.toReversed()) ctx.lineTo(...place(x, low));
    ctx.fill();
  }
  ctx.restore();
}
