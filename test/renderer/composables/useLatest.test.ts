import { effectScope } from 'vue';
import { describe, expect, it } from 'vitest';
import { useLatest } from '../../../src/renderer/composables/useLatest.ts';
import type { Latest } from '../../../src/renderer/composables/useLatest.ts';
import { settle } from '../../support/rendererApp.ts';

interface Call {
  signal: AbortSignal;
  resolve: (value: string) => void;
  reject: (error: Error) => void;
}

function open(): { latest: Latest<[], string>; calls: Call[]; stop: () => void } {
  const calls: Call[] = [];
  const scope = effectScope();
  const latest = scope.run(() =>
    useLatest<[], string>((signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      calls.push({ signal, resolve, reject });
      return promise;
    }),
  ) as Latest<[], string>;
  return {
    latest,
    calls,
    stop: () => {
      scope.stop();
    },
  };
}

describe('useLatest', () => {
  it('never shows an older answer, in whatever order they come', async () => {
    const { latest, calls } = open();
    void latest.load();
    void latest.load();
    expect(calls[0]?.signal.aborted).toBe(true);
    calls[1]?.resolve('new');
    calls[0]?.resolve('old');
    await settle();
    expect(latest.value.value).toBe('new');
    expect(latest.pending.value).toBe(false);
  });

  it('does not show the failure of a superseded call, and the newest still counts', async () => {
    const { latest, calls } = open();
    void latest.load();
    void latest.load();
    calls[0]?.reject(new Error('aborted'));
    await settle();
    expect(latest.error.value).toBeNull();
    expect(latest.pending.value).toBe(true);
    calls[1]?.reject(new Error('really'));
    await settle();
    expect(latest.error.value?.message).toBe('really');
    expect(latest.pending.value).toBe(false);
  });

  it('keeps the last value while the next is on its way', async () => {
    const { latest, calls } = open();
    void latest.load();
    calls[0]?.resolve('first');
    await settle();
    void latest.load();
    expect(latest.value.value).toBe('first');
    latest.clear();
    expect(latest.value.value).toBeUndefined();
    calls[1]?.resolve('late');
    await settle();
    expect(latest.value.value).toBeUndefined();
  });

  it('aborts with the view that asked', () => {
    const { latest, calls, stop } = open();
    void latest.load();
    stop();
    expect(calls[0]?.signal.aborted).toBe(true);
  });
});
