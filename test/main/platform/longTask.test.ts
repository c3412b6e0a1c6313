import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { finishTask, streamTask } from '../../../src/main/platform/longTask.ts';
import type { LongTaskProgress } from '../../../src/shared/contract.ts';

const step = (done: number): LongTaskProgress => ({ step: 'Working', done, total: 3 });

it('yields what the task reports, then returns its result', async () => {
  const stream = streamTask(async (report) => {
    for (const done of [1, 2, 3]) {
      report(step(done));
      await nextTurn();
    }
    return 'made';
  });
  const seen: number[] = [];
  const result = await finishTask(stream, ({ done }) => seen.push(done));
  expect({ seen, result }).toEqual({ seen: [1, 2, 3], result: 'made' });
});

it('keeps only the newest report for a slower reader', async () => {
  const stream = streamTask((report) => {
    for (const done of [1, 2, 3]) report(step(done));
    return Promise.resolve('made');
  });
  expect(await stream.next()).toEqual({ done: false, value: step(3) });
  expect(await stream.next()).toEqual({ done: true, value: 'made' });
});

it('fails as the task does, after what it reported', async () => {
  const stream = streamTask((report) => {
    report(step(1));
    return Promise.reject(new Error('broken'));
  });
  expect(await stream.next()).toEqual({ done: false, value: step(1) });
  await expect(stream.next()).rejects.toThrow('broken');
});

it.each(['the reader closes the stream', 'the call is aborted'])(
  'ends the task where %s',
  async (cause) => {
    const call = new AbortController();
    let ending: AbortSignal | undefined;
    const stream = streamTask((report, signal) => {
      ending = signal;
      report(step(1));
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(new Error('ended'));
        });
      });
    }, call.signal);
    await stream.next();
    expect(ending?.aborted).toBe(false);
    if (cause === 'the call is aborted') {
      call.abort();
      await expect(stream.next()).rejects.toThrow('ended');
    } else {
      await stream.return('given up');
    }
    expect(ending?.aborted).toBe(true);
  },
);
