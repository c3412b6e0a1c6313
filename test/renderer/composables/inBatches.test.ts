import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { inBatches } from '../../../src/renderer/composables/inBatches.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function collect() {
  const batches: [string, number][][] = [];
  return { batches, ...inBatches<number>(500, (batch) => batches.push([...batch])) };
}

it('hands on the first at once, and the newest of the others together when the time has come', () => {
  const { batches, put } = collect();
  put('a', 1);
  expect(batches).toEqual([[['a', 1]]]);
  put('a', 2);
  put('b', 3);
  put('a', 4);
  vi.advanceTimersByTime(499);
  expect(batches).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(batches.slice(1)).toEqual([
    [
      ['a', 4],
      ['b', 3],
    ],
  ]);
});

it('is as quick as at first after a pause', () => {
  const { batches, put } = collect();
  put('a', 1);
  vi.advanceTimersByTime(500);
  expect(vi.getTimerCount()).toBe(0);
  put('a', 2);
  expect(batches).toEqual([[['a', 1]], [['a', 2]]]);
});

it('forgets what is dropped while it waits', () => {
  const { batches, put, drop } = collect();
  put('a', 1);
  put('a', 2);
  put('b', 2);
  drop('a');
  vi.advanceTimersByTime(2000);
  expect(batches.slice(1)).toEqual([[['b', 2]]]);
});

it('hands on what waits when it is told to, and nothing of it again', () => {
  const { batches, putAll, flush } = collect();
  putAll([
    ['a', 1],
    ['b', 2],
  ]);
  putAll([['c', 3]]);
  flush();
  flush();
  vi.advanceTimersByTime(2000);
  expect(batches).toEqual([
    [
      ['a', 1],
      ['b', 2],
    ],
    [['c', 3]],
  ]);
});
