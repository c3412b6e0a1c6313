import type { LongTaskProgress } from '../../shared/contract.ts';
import type { Output } from './output.ts';

/** On a terminal, a line that says how far it is and is written over. */
export function progressLine({ interactive }: Output): {
  show: (progress: LongTaskProgress) => void;
  end: () => void;
} {
  let shown = '';
  const write = (text: string): void => {
    if (interactive && text !== shown) process.stderr.write(`\r${text.padEnd(shown.length)}`);
    shown = text;
  };
  return {
    show: ({ step, done, total }) => {
      write(`${step}  ${Math.floor((100 * done) / (total ?? done))}%`);
    },
    end: () => {
      write('');
      if (interactive) process.stderr.write('\r');
    },
  };
}
