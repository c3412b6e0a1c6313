import { expect, it } from 'vitest';
import { agreements } from '../../../src/renderer/examples/agreement.ts';
import { useCompareStore } from '../../../src/renderer/stores/compare.ts';
import { buildEpochFile } from './exampleFiles.ts';
import { recordCalls, settle, startStore } from './startStore.ts';

function start() {
  const { calls, call } = recordCalls<{ runId: string; epoch: number }>();
  return { calls, store: startStore({ examples: { epoch: call } }, useCompareStore) };
}

it('pairs the images of both epochs', async () => {
  const { calls, store } = start();
  void store.open({ runId: 'a', epoch: 3 }, { runId: 'b', epoch: 4 });
  expect(calls.map(({ input }) => input)).toEqual([
    { runId: 'a', epoch: 3 },
    { runId: 'b', epoch: 4 },
  ]);
  calls[0]?.answer(buildEpochFile([1, 2, 3]));
  calls[1]?.answer(buildEpochFile([2, 3, 4]));
  await settle();
  const { pairs } = store.compared ?? {};
  expect([...(pairs?.positionsA ?? [])]).toEqual([1, 2]);
  expect([...(pairs?.agreement ?? [])].map((index) => agreements[index])).toEqual([
    'both-right',
    'both-wrong',
  ]);
});

it('never shows an older pair', async () => {
  const { calls, store } = start();
  void store.open({ runId: 'a', epoch: 1 }, { runId: 'b', epoch: 1 });
  void store.open({ runId: 'a', epoch: 2 }, { runId: 'b', epoch: 2 });
  for (const index of [2, 3, 0, 1]) calls[index]?.answer(buildEpochFile([index]));
  await settle();
  expect(store.compared?.a.epoch).toBe(2);
  store.clear();
  expect(store.compared).toBeNull();
});
