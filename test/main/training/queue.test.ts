import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { RunQueue } from '../../../src/main/training/queue.ts';

/** A queue whose runs end when the test says so. */
function makeQueue(jobs: number) {
  const started: string[] = [];
  const paused: string[] = [];
  const orders: string[][] = [];
  let failure: Error | null = null;
  const ends = new Map<string, () => void>();
  const queue = new RunQueue(
    jobs,
    (runId) => {
      started.push(runId);
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const end = (): void => {
        resolve(undefined);
      };
      ends.set(runId, end);
      const pause = (): void => {
        paused.push(runId);
        end();
      };
      return { done: promise.then(() => undefined), pause };
    },
    {
      changed: (waiting) => {
        if (failure !== null) throw failure;
        orders.push([...waiting]);
      },
    },
  );
  const failListening = (error: Error): void => {
    failure = error;
  };
  const finish = async (runId: string): Promise<void> => {
    ends.get(runId)?.();
    await nextTurn();
  };
  return { queue, started, paused, orders, finish, failListening };
}

it('trains as many side by side as there are jobs, in order', async () => {
  const { queue, started, finish } = makeQueue(2);
  queue.enqueue(['a', 'b', 'c', 'd']);
  expect(started).toEqual(['a', 'b']);
  await finish('b');
  expect(started).toEqual(['a', 'b', 'c']);
  expect(queue.waiting).toEqual(['d']);
});

it('is idle when all has ended, and only then', async () => {
  const { queue, finish } = makeQueue(1);
  await queue.idle;
  queue.enqueue(['a', 'b']);
  let idle = false;
  void queue.idle.then(() => {
    idle = true;
  });
  await finish('a');
  expect(idle).toBe(false);
  await finish('b');
  expect(idle).toBe(true);
});

it('reorders what waits and leaves the rest in place', () => {
  const { queue, orders } = makeQueue(1);
  queue.enqueue(['a', 'b', 'c', 'd']);
  queue.reorder(['d', 'a', 'x', 'b']);
  expect(orders.at(-1)).toEqual(['d', 'b', 'c']);
});

it('pauses all: what waits is dropped, what trains is asked to stop', async () => {
  const { queue, started, paused, orders } = makeQueue(1);
  queue.enqueue(['a', 'b', 'c']);
  const known = orders.length;
  await queue.pauseAll();
  expect(orders.slice(known)).toEqual([[]]);
  expect({ started, paused, waiting: queue.waiting }).toEqual({
    started: ['a'],
    paused: ['a'],
    waiting: [],
  });
});

it('pauses all that trains, also where nobody can be told of it', async () => {
  const { queue, paused, failListening } = makeQueue(2);
  queue.enqueue(['a', 'b', 'c']);
  failListening(new Error('the history is closed'));
  await expect(queue.pauseAll()).rejects.toThrow('the history is closed');
  expect({ paused, waiting: queue.waiting }).toEqual({ paused: ['a', 'b'], waiting: [] });
});

it('starts a waiting run out of turn', () => {
  const { queue, started } = makeQueue(1);
  queue.enqueue(['a', 'b', 'c']);
  queue.startNow('c');
  expect(started).toEqual(['a', 'c']);
  expect(queue.waiting).toEqual(['b']);
});

it('takes a run only once', () => {
  const { queue, started } = makeQueue(1);
  queue.enqueue(['a', 'b']);
  queue.enqueue(['a', 'b']);
  expect(started).toEqual(['a']);
  expect(queue.waiting).toEqual(['b']);
});
