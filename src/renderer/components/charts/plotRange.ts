import { padRange, type Curve } from './curves.ts';

/** From where to where a plot shows its x axis. */
export type XRange = readonly [from: number, to: number];

/** All positions, to the end that is planned where there is one, with room on both sides. */
export function wholeRange(x: readonly number[], planned: number | null): XRange {
  const first = x[0] ?? 0;
  return padRange(first, Math.max(x.at(-1) ?? first + 1, planned ?? first), 0.02, 0.5);
}

/** What of a curve lies within a range. */
export function cutCurve<T extends Pick<Curve, 'x' | 'y' | 'untrained' | 'spread'>>(
  curve: T,
  [from, to]: XRange,
): T {
  const isInside = (i: number): boolean => (curve.x[i] ?? 0) >= from && (curve.x[i] ?? 0) <= to;
  const cut = <Value>(values: readonly Value[]): Value[] => values.filter((_, i) => isInside(i));
  const untrained = cut(curve.x.slice(0, curve.untrained)).length;
  const spread = curve.spread && { spread: cut(curve.spread) };
  return { ...curve, x: cut(curve.x), y: cut(curve.y), untrained, ...spread };
}

/** No plot is drawn out further than to a thousandth of all there is. */
const mostZoom = 1000;

/**
 * A range `factor` times as long, about a position that stays where it is; null for all there is.
 * Nothing lies outside `whole`.
 */
export function zoomAbout(
  range: XRange,
  whole: XRange,
  { factor, at }: { factor: number; at: number },
): XRange | null {
  const all = whole[1] - whole[0];
  const length = Math.max((range[1] - range[0]) * factor, all / mostZoom);
  if (length >= all) return null;
  const centre = Math.min(Math.max(at, range[0]), range[1]);
  const share = (centre - range[0]) / (range[1] - range[0]);
  const from = Math.min(Math.max(centre - share * length, whole[0]), whole[1] - length);
  return [from, from + length];
}

/** Where a value lies that a vertical axis does not reach. */
export function findOutside(
  value: number | null | undefined,
  [low, high]: readonly [number, number],
): 'above' | 'below' | null {
  if (value == null) return null;
  return value > high ? 'above' : value < low ? 'below' : null;
}
