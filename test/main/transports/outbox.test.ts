import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Outbox } from '../../../src/main/transports/outbox.ts';

const mostBytes = 8 * 1024 * 1024;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** An outbox whose reader takes what the test says, and how much was left each time it took too long. */
function open(patience?: ConstructorParameters<typeof Outbox>[2]) {
  const taken: (() => void)[] = [];
  const stalls: number[] = [];
  const outbox = new Outbox(
    (_, done) => taken.push(done),
    (bytes) => stalls.push(bytes),
    patience,
  );
  return { outbox, stalls, take: () => taken.shift()?.() };
}

it('is behind while 8 MiB are on their way, counted as they are sent', async () => {
  const { outbox, take } = open();
  const first = outbox.send('é'.repeat(10));
  expect(outbox.bytes).toBe(20);
  void outbox.send(new Uint8Array(mostBytes - 21));
  expect(outbox.isBehind).toBe(false);
  void outbox.send('.');
  expect([outbox.bytes, outbox.isBehind]).toEqual([mostBytes, true]);
  take();
  await first;
  expect([outbox.bytes, outbox.isBehind]).toEqual([mostBytes - 20, false]);
});

it('waits for the oldest: a second, and as long as it takes at the slowest rate', () => {
  const { outbox, stalls, take } = open({ leastMs: 1000, leastRate: 100 });
  void outbox.send('x'.repeat(200));
  vi.advanceTimersByTime(2000);
  // What comes later gives the oldest no more time.
  void outbox.send('x'.repeat(50));
  vi.advanceTimersByTime(999);
  expect(stalls).toEqual([]);
  take();
  // Nor does the second have the first one's: 1.5 s from here.
  vi.advanceTimersByTime(1499);
  expect(stalls).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(stalls).toEqual([50]);
  vi.advanceTimersByTime(60_000);
  expect(stalls).toEqual([50]);
});

it('says how much is left where the oldest is not taken', () => {
  const { outbox, stalls } = open({ leastMs: 1000, leastRate: 100 });
  void outbox.send('x'.repeat(200));
  vi.advanceTimersByTime(2000);
  void outbox.send('x'.repeat(30));
  vi.advanceTimersByTime(999);
  expect(stalls).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(stalls).toEqual([230]);
});

it('waits for nothing when all is taken, nor once it is closed', () => {
  const { outbox, stalls, take } = open({ leastMs: 10, leastRate: 1000 });
  void outbox.send('a');
  take();
  vi.advanceTimersByTime(60_000);
  void outbox.send('b');
  outbox.close();
  vi.advanceTimersByTime(60_000);
  expect(stalls).toEqual([]);
});

it('is patient for a minute, and another for each 4 MB or so, where nothing else is said', () => {
  const { outbox, stalls } = open();
  void outbox.send(new Uint8Array(60 * 65_536));
  vi.advanceTimersByTime(119_999);
  expect(stalls).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(stalls).toEqual([60 * 65_536]);
});

it('keeps no process alive for it', () => {
  vi.useRealTimers();
  const timers = vi.spyOn(globalThis, 'setTimeout');
  const { outbox } = open();
  void outbox.send('a');
  const timer = timers.mock.results.at(-1)?.value as NodeJS.Timeout;
  expect(timer.hasRef()).toBe(false);
  outbox.close();
  timers.mockRestore();
});
