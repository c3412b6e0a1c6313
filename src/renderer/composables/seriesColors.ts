import { paradigmOf } from '../../core/config/objectives.ts';
import { lookOf } from './paradigms.ts';
import type { RunSummary } from '../../core/records.ts';

type Coloured = Pick<RunSummary, 'id' | 'config'>;

/** How a run's line is drawn. */
export interface SeriesStyle {
  /** Design token of its colour: `var(token)` in CSS, `readToken` for a canvas. */
  token: string;
  /** Lengths of its dashes and gaps, CSS pixels; none for a solid line. */
  dash: readonly number[];
}

/** Tokens for paradigms without a colour of their own, in the order in which they are given out. */
const others = [1, 2, 3, 4, 5, 6].map((index) => `--series-${index}`);
/** Shades of a token, and dashes: their numbers have no common divisor, so that 12 styles differ. */
const shades = ['', '-2', '-3'];
const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

/**
 * The style of each run: a paradigm keeps its colour whatever is beside it, and its runs are told apart by
 * shade and dashes.
 */
export function assignSeriesStyles(runs: readonly Coloured[]): Map<string, SeriesStyle> {
  const styles = new Map<string, SeriesStyle>();
  const tokens = new Map<string, string>();
  const seen = new Map<string, number>();
  for (const { id, config } of runs) {
    const paradigm = paradigmOf(config);
    const foreign = [...tokens.keys()].filter((known) => lookOf(known).token === null).length;
    const token =
      tokens.get(paradigm) ?? lookOf(paradigm).token ?? others[foreign % others.length] ?? '';
    tokens.set(paradigm, token);
    const index = seen.get(paradigm) ?? 0;
    seen.set(paradigm, index + 1);
    styles.set(id, {
      token: `${token}${shades[index % shades.length] ?? ''}`,
      dash: dashes[index % dashes.length] ?? [],
    });
  }
  return styles;
}

/** The colours alone, where there are no lines. */
export const assignSeriesTokens = (runs: readonly Coloured[]): Map<string, string> =>
  new Map([...assignSeriesStyles(runs)].map(([id, { token }]) => [id, token]));
