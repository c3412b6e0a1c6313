/** A thread that does what the tests ask: answers, refuses or fails. */
import { isMainThread, workerData } from 'node:worker_threads';
import { AfterimageError } from '../../../src/core/errors.ts';
import { answerJobs, answerTask, type Report } from '../../../src/main/platform/threads.ts';

export type OddJob = 'answer' | 'refuse' | 'throw' | 'unpostable' | 'end' | 'wait' | 'report';

async function work(job: OddJob, report: Report): Promise<unknown> {
  if (job === 'report') for (const done of [1, 2]) report({ step: 'a step', done, total: 2 });
  if (job === 'refuse')
    throw new AfterimageError('INVALID_ARGUMENT', 'It is refused.', 'Ask else.');
  if (job === 'throw') throw new Error('a fault');
  if (job === 'unpostable') return { call: () => undefined };
  if (job === 'end') process.exit(3);
  if (job === 'wait') await new Promise((resolve) => setTimeout(resolve, 600_000));
  return `${job}ed`;
}

if (!isMainThread) {
  if (workerData === 'queue')
    answerJobs(work as (job: never, report: Report) => Promise<unknown>, () => []);
  else await answerTask(work as (job: never, report: Report) => Promise<unknown>);
}
