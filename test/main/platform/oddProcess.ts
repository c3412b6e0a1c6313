/** A process that does what the tests ask: answers, refuses or ends. */
import { AfterimageError } from '../../../src/core/errors.ts';
import { answerRequest } from '../../../src/main/platform/taskProcess.ts';

answerRequest(async (job: string, report): Promise<unknown> => {
  report({ step: 'begun', done: process.pid, total: null });
  if (job === 'refuse') throw new AfterimageError('CONFLICT', 'It is refused.', 'Ask else.');
  if (job === 'throw') throw new Error('a fault');
  if (job === 'end') process.exit(3);
  if (job === 'abort') process.abort();
  if (job === 'grow') new Uint8Array(2 ** 52);
  if (job === 'wait') await new Promise((resolve) => setTimeout(resolve, 600_000));
  return { text: `${job}ed`, large: new Uint8Array(2 ** 22).fill(7) };
});
