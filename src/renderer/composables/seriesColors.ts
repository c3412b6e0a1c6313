import { paradigmOf } from '../../core/config/objectives.ts';
import { lookOf } from './paradigms.ts';
import type { RunSummary } from '../../core/records.ts';

type Coloured = Pick<RunSummary, 'id' | 'config'>;

/** Tokens for runs beyond the first of each paradigm, in the order in which they are given out. */
const others = [1, 2, 3, 4, 5, 6].map((index) => `--series-${index}`);

/**
 * The design token of each run's colour: the first of a paradigm with a colour wears it, every
 * other run the next of the rest. Read it with `var(token)` in CSS or `readToken` for a canvas.
 */
export function assignSeriesTokens(runs: readonly Coloured[]): Map<string, string> {
  const tokens = new Map<string, string>();
  const taken = new Set<string>();
  let next = 0;
  for (const { id, config } of runs) {
    const own = lookOf(paradigmOf(config)).token;
    if (own !== null && !taken.has(own)) {
      taken.add(own);
      tokens.set(id, own);
    } else {
      tokens.set(id, others[next % others.length] ?? '');
      next += 1;
    }
  }
  return tokens;
}
