import type { LongTaskProgress } from '../../shared/longTask.ts';
import { formatDuration, type Output } from './output.ts';

/** Before so much time has passed, what is left is anybody's guess, ms. */
const guessedAfterMs = 2000;

/** How long the rest will take if it goes on as it did, in words; empty while nobody knows. */
function estimateRest({ done, total }: LongTaskProgress, elapsedMs: number): string {
  if (total === null || done === 0 || elapsedMs < guessedAfterMs) return '';
  return `, about ${formatDuration((elapsedMs * (total - done)) / done)} left`;
}

/** On a terminal, a line that says how far a long work is, and is written over. */
export function progressLine({ interactive }: Pick<Output, 'interactive'>): {
  show: (progress: LongTaskProgress) => void;
  end: () => void;
} {
  const begun = performance.now();
  let shown = '';
  const write = (text: string): void => {
    if (interactive && text !== shown) process.stderr.write(`\r${text.padEnd(shown.length)}`);
    shown = text;
  };
  return {
    show: (progress) => {
      const { step, done, total } = progress;
      const rest = estimateRest(progress, performance.now() - begun);
      write(`${step}  ${Math.floor((100 * done) / (total ?? done))}%${rest}`);
    },
    end: () => {
      write('');
      if (interactive) process.stderr.write('\r');
    },
  };
}
