import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { finishTask, streamTask, takeSteps } from '../../../src/main/platform/longTask.ts';
import type { LongTaskProgress } from '../../../src/shared/longTask.ts';

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

describe('long work in steps', () => {
  const busyMs = 2;
  function* work(steps: number): Generator<number, string, undefined> {
    for (let done = 1; done <= steps; done += 1) {
      const until = performance.now() + busyMs;
      while (performance.now() < until);
      yield done;
    }
    return 'done';
  }

  it('comes to its result in turns, each wrapped, between which others work', async () => {
    const turns: number[] = [];
    const told: number[] = [];
    let others = 0;
    const other = setInterval(() => (others += 1), 1);
    const result = await takeSteps(work(30), {
      longestMs: 10,
      wrap: (turn) => {
        const began = performance.now();
        turn();
        turns.push(performance.now() - began);
      },
      onTurn: (done) => told.push(done),
    });
    clearInterval(other);
    expect(result).toBe('done');
    // 60 ms of work in turns of 10 ms, which end with the step that reaches them.
    expect(turns.length).toBeGreaterThan(3);
    for (const ms of turns.slice(0, -1)) expect(ms).toBeGreaterThanOrEqual(10);
    expect(told).toHaveLength(turns.length - 1);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(others).toBeGreaterThan(1);
  });

  it('ends with the signal’s reason before the next turn', async () => {
    const call = new AbortController();
    let turns = 0;
    const begun = takeSteps(work(1000), {
      longestMs: 1,
      signal: call.signal,
      onTurn: () => {
        turns += 1;
        if (turns === 2) call.abort(new Error('enough'));
      },
    });
    await expect(begun).rejects.toThrow('enough');
    expect(turns).toBe(2);
  });

  it('fails as a step does', async () => {
    const failing = function* (): Generator<number, void, undefined> {
      yield 1;
      throw new Error('broken');
    };
    await expect(takeSteps(failing())).rejects.toThrow('broken');
  });
});
