import { writeTicks } from '../../../core/figures/charts/ticks.ts';
import { formatNumber, formatShare } from '../../composables/format.ts';
import type { PlotKind } from './curves.ts';

const mostDecimals = 6;

/** As many decimals as a step has: 0.025 -> 3. Rounded to fewer, ticks would stand at other values than they say. */
function decimalsOf(step: number): number {
  const isWhole = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-6 * value;
  for (let decimals = 0; decimals < mostDecimals; decimals += 1) {
    if (isWhole(step * 10 ** decimals)) return decimals;
  }
  return mostDecimals;
}

const exponentOf = (value: number): number => Math.floor(Math.log10(Math.abs(value)));

/** Significant digits that tell a value from one that is `step` away. */
function digitsOf(value: number, step: number): number {
  if (value === 0 || step <= 0) return 3;
  const mantissa = Number((step / 10 ** exponentOf(step)).toPrecision(3));
  const { length } = String(mantissa).replace('.', '');
  return Math.max(3, exponentOf(value) - exponentOf(step) + length);
}

/** A tick as text; ticks are `step` apart. */
const formatTick = (kind: PlotKind, value: number, step: number): string =>
  kind === 'share'
    ? formatShare(value, decimalsOf(step * 100))
    : formatNumber(value, digitsOf(value, step));

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
