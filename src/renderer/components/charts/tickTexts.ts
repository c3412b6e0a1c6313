import { writeTicks } from '../../../core/figures/charts/ticks.ts';
import { formatNumber, formatShare } from '../../composables/format.ts';
import type { PlotKind } from './curves.ts';

/** A tick as text; ticks are `step` apart. */
const formatTick = (kind: PlotKind, value: number, step: number): string =>
  kind === 'share'
    ? formatShare(value, step < 0.001 ? 2 : step < 0.01 ? 1 : 0)
    : formatNumber(value, 3);

/** The numbers of an axis, `step` apart; empty for those that a logarithmic axis leaves bare. */
export function writeSplits(
  kind: PlotKind,
  splits: readonly (number | null)[],
  step: number,
): string[] {
  const shown = splits.filter((split) => split !== null);
  const ticks = writeTicks(shown, (value) => formatTick(kind, value, step));
  const texts = new Map(ticks.map(({ value, text }) => [value, text]));
  return splits.map((split) => (split === null ? '' : (texts.get(split) ?? '')));
}

/** Between an axis and its numbers, CSS pixels. */
export const tickGap = 4;

/** As wide as most axes are, so that the plots of a page share an edge; CSS pixels. */
const usualWidth = 52;

/** The width of an upright axis with these numbers, CSS pixels. */
export function measureAxis(
  ctx: Pick<CanvasRenderingContext2D, 'save' | 'restore' | 'font' | 'measureText'>,
  font: string,
  texts: readonly string[] | null,
): number {
  ctx.save();
  ctx.font = font;
  const widths = (texts ?? []).map((text) => ctx.measureText(text).width);
  ctx.restore();
  return Math.max(usualWidth, Math.ceil(Math.max(0, ...widths)) + 2 * tickGap);
}
