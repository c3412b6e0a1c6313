import { afterEach, expect, it, vi } from 'vitest';
import { AfterimageError } from '../../../src/core/errors.ts';
import type { LongTaskProgress } from '../../../src/shared/longTask.ts';
import { ThreadQueue } from '../../../src/main/platform/threadQueue.ts';
import { limitReports, runInThread } from '../../../src/main/platform/threads.ts';
import type { OddJob } from './oddThread.ts';

const entry = new URL('./oddThread.ts', import.meta.url);
const lost = (reason: string): AfterimageError =>
  new AfterimageError('INTERNAL', `Lost: ${reason}.`, 'Try again.');

const queues: ThreadQueue<unknown, string>[] = [];
function openQueue(isLeft = false): ThreadQueue<unknown, string> {
  const queue = new ThreadQueue<unknown, string>({
    entry,
    data: 'queue',
    isLeft: () => isLeft,
    explainLoss: lost,
  });
  queues.push(queue);
  return queue;
}
afterEach(async () => {
  for (const queue of queues.splice(0)) await queue.close();
});

const unpostable = { url: new URL('http://localhost'), call: (): null => null };
const settle = (work: Promise<unknown>): Promise<string> =>
  work.then(String, (error: unknown) => (error as Error).message);

it('a job that cannot be posted fails alone: those before and after it are done', async () => {
  const queue = openQueue();
  const jobs = ['answer', unpostable, 'answer', unpostable, unpostable, 'answer'];
  const answers = await Promise.all(jobs.map((job) => settle(queue.run(job))));
  expect(answers.map((text) => text.replace(/^Lost: .*/, 'lost'))).toEqual([
    'answered',
    'lost',
    'answered',
    'lost',
    'lost',
    'answered',
  ]);
});

it('each way in which a thread can fail is its own job’s failure', async () => {
  const queue = openQueue();
  const jobs: OddJob[] = ['refuse', 'throw', 'answer', 'unpostable', 'answer', 'end', 'answer'];
  const answers = await Promise.all(jobs.map((job) => settle(queue.run(job))));
  expect(answers[0]).toBe('It is refused.');
  expect(answers[1]).toBe('Lost: a fault.');
  expect(answers[3]).toMatch(/^Lost: .+/);
  expect(answers[5]).toBe('Lost: it ended.');
  expect([2, 4, 6].map((index) => answers[index])).toEqual(['answered', 'answered', 'answered']);
});

it('a job tells its own caller how far it is', async () => {
  const queue = openQueue();
  const told: string[] = [];
  const tell = (who: string) => ({
    onProgress: ({ step, done, total }: LongTaskProgress): void => {
      told.push(`${who}: ${step} ${done}/${total}`);
    },
  });
  await Promise.all([queue.run('report', tell('a')), queue.run('report', tell('b'))]);
  expect(told).toEqual(['a: a step 1/2', 'a: a step 2/2', 'b: a step 1/2', 'b: a step 2/2']);
});

it('a job that is left takes none with it that waits', async () => {
  const queue = openQueue(true);
  const controller = new AbortController();
  const left = settle(queue.run('wait', { signal: controller.signal }));
  const next = settle(queue.run('answer'));
  controller.abort(new Error('left'));
  expect(await Promise.all([left, next])).toEqual(['left', 'answered']);
});

it('closing refuses what waits, what runs and what comes later', async () => {
  const queue = openQueue();
  const begun = ['wait', 'answer', unpostable].map((job) => settle(queue.run(job)));
  await queue.close();
  const late = settle(queue.run('answer'));
  const answers = await Promise.all([...begun, late]);
  expect(answers.filter((text) => text === 'Lost: Afterimage is closing.')).toHaveLength(4);
});

it('a thread of one task fails with its call, and with nothing else', async () => {
  const run = (job: unknown): Promise<string> => settle(runInThread(entry, job, {}));
  expect(await run('refuse')).toBe('It is refused.');
  expect(await run('throw')).toBe('a fault');
  await expect(runInThread(entry, 'unpostable', {})).rejects.toThrow();
  expect(await run('end')).toMatch(/ended without a word/);
  expect(await run(unpostable)).toMatch(/clone/);
});

it('tells progress twenty times a second at most, and always the end and what is new', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const told: number[] = [];
    const report = limitReports(({ done }) => told.push(done));
    for (let done = 1; done <= 100; done += 1) {
      report({ step: '', done, total: 100 });
      vi.advanceTimersByTime(10);
    }
    expect(told).toEqual([...Array.from({ length: 20 }, (_, i) => 5 * i + 1), 100]);
    report({ step: 'another', done: 7, total: 100 });
    expect(told.at(-1)).toBe(7);
  } finally {
    vi.useRealTimers();
  }
});
