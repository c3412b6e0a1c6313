import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, expect, it, vi } from 'vitest';
import type { Handler } from '../../../src/main/router.ts';
import { Calls } from '../../../src/main/transports/calls.ts';

const mostBytes = 64 * 1024 * 1024;
/** Nothing asks for it: what is received here waits, or is no call. */
const handler = {} as Handler;

/** The calls of a caller that takes nothing until it is told to, and what it was asked for last. */
function open(): { calls: Calls; isRead: () => boolean; take: () => void } {
  let [isBehind, wanted] = [true, true];
  const calls = new Calls(handler, {
    send: () => undefined,
    isBehind: () => isBehind,
    read: (more) => (wanted = more),
  });
  return {
    calls,
    isRead: () => wanted,
    take: () => {
      isBehind = false;
      calls.proceed();
    },
  };
}

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});

it('256 calls may wait: then the connection is read no further, until they are begun', async () => {
  const { calls, isRead, take } = open();
  for (let i = 1; i < 256; i += 1) calls.receive('not a call');
  expect(isRead()).toBe(true);
  calls.receive('not a call');
  expect(isRead()).toBe(false);
  take();
  expect(calls.running).toBe(16);
  expect(isRead()).toBe(true);
  for (let turn = 0; calls.running > 0 && turn < 1000; turn += 1) await nextTurn();
  expect(calls.running).toBe(0);
});

it('64 MiB may wait, however few they are in', () => {
  const { calls, isRead } = open();
  calls.receive(new Uint8Array(mostBytes - 1));
  expect(isRead()).toBe(true);
  calls.receive('.');
  expect(isRead()).toBe(false);
});

it('what is worked on waits no more', () => {
  const { calls, isRead, take } = open();
  calls.receive(new Uint8Array(mostBytes));
  expect(isRead()).toBe(false);
  take();
  expect(isRead()).toBe(true);
});

it('nor does what was called off', () => {
  const { calls, isRead } = open();
  calls.receive(`{"i":"1",${' '.repeat(mostBytes)}`);
  expect(isRead()).toBe(false);
  calls.receive('{"i":"2","t":4}');
  expect(isRead()).toBe(false);
  calls.receive('{"i":"1","t":4}');
  expect(isRead()).toBe(true);
});
