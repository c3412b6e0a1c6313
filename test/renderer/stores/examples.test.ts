import { describe, expect, it } from 'vitest';
import { useExamplesStore } from '../../../src/renderer/stores/examples.ts';
import { buildMetrics } from '../../support/epochMetrics.ts';
import { buildEpochFile, buildHistoryFile } from './exampleFiles.ts';
import { recordCalls, settle, startStore } from './startStore.ts';

function start() {
  const epoch = recordCalls<{ runId: string; epoch: number }>();
  const history = recordCalls<{ runId: string; exampleId: number }>();
  const client = { examples: { epoch: epoch.call, history: history.call } };
  const store = startStore(client, useExamplesStore);
  const finishEpoch = (runId: string, number: number): void => {
    store.applyEvent({ type: 'epoch', runId, metrics: buildMetrics({ epoch: number }) });
  };
  return { store, finishEpoch, epochCalls: epoch.calls, historyCalls: history.calls };
}

describe('epochs', () => {
  it('are loaded once, however many ask', async () => {
    const { store, epochCalls } = start();
    const asked = [store.loadEpoch('r', 1), store.loadEpoch('r', 1)];
    expect(epochCalls).toHaveLength(1);
    epochCalls[0]?.answer(buildEpochFile([3, 4]));
    const [first, second] = await Promise.all(asked);
    expect(first).toBe(second);
    expect([...(first?.exampleIds ?? [])]).toEqual([3, 4]);
    await store.loadEpoch('r', 1);
    expect(epochCalls).toHaveLength(1);
    expect(store.peekEpoch('r', 1)).toBe(first);
  });

  it('are asked for again after a failure', async () => {
    const { store, epochCalls } = start();
    const asked = store.loadEpoch('r', 1);
    epochCalls[0]?.fail(new Error('lost'));
    await expect(asked).rejects.toThrow('lost');
    void store.loadEpoch('r', 1);
    expect(epochCalls).toHaveLength(2);
  });

  it('are given up when nobody waits for them any longer', () => {
    const { store, epochCalls } = start();
    const [one, other] = [new AbortController(), new AbortController()];
    store.loadEpoch('r', 1, one.signal).catch(() => undefined);
    store.loadEpoch('r', 1, other.signal).catch(() => undefined);
    one.abort();
    expect(epochCalls[0]?.signal?.aborted).toBe(false);
    other.abort();
    expect(epochCalls[0]?.signal?.aborted).toBe(true);
  });

  it('are forgotten with their run', async () => {
    const { store, epochCalls } = start();
    const asked = [store.loadEpoch('r', 1), store.loadEpoch('other', 1)];
    epochCalls.forEach(({ answer }) => {
      answer(buildEpochFile([1]));
    });
    await Promise.all(asked);
    store.applyEvent({ type: 'purged', runId: 'r' });
    expect(store.peekEpoch('r', 1)).toBeUndefined();
    expect(store.peekEpoch('other', 1)).toBeDefined();
  });
});

describe('histories', () => {
  it('grow with their run', async () => {
    const { store, finishEpoch, historyCalls } = start();
    const before = store.loadHistory('r', 7);
    historyCalls[0]?.answer(buildHistoryFile(2));
    expect((await before).epochs).toHaveLength(2);

    finishEpoch('other', 2);
    expect(store.peekHistory('r', 7)).toBeDefined();
    finishEpoch('r', 2);
    expect(store.peekHistory('r', 7)).toBeUndefined();
    expect(store.epochEventsOf('r')).toBe(1);
  });

  it('are not kept where an epoch ended while they were on their way', async () => {
    const { store, finishEpoch, historyCalls } = start();
    const early = store.loadHistory('r', 7);
    finishEpoch('r', 2);
    const late = store.loadHistory('r', 7);
    expect(historyCalls).toHaveLength(2);
    historyCalls[1]?.answer(buildHistoryFile(3));
    expect((await late).epochs).toHaveLength(3);
    historyCalls[0]?.answer(buildHistoryFile(2));
    expect((await early).epochs).toHaveLength(2);
    expect(store.peekHistory('r', 7)?.epochs).toHaveLength(3);
  });

  it('may fail to be prefetched without a word', async () => {
    const { store, historyCalls } = start();
    store.prefetchHistories('r', [1, 2]);
    historyCalls.forEach(({ fail }) => {
      fail(new Error('not there'));
    });
    await settle();
    expect(store.peekHistory('r', 1)).toBeUndefined();
  });
});
