import { expect, it } from 'vitest';
import { useImagesStore } from '../../../src/renderer/stores/images.ts';
import { buildImagesFile } from './exampleFiles.ts';
import { recordCalls, settle, startStore } from './startStore.ts';

function start() {
  const { calls, call } = recordCalls<{ datasetId: string; split: string; indices: number[] }>();
  const store = startStore({ datasets: { images: call } }, useImagesStore);
  const answer = async (index: number): Promise<void> => {
    calls[index]?.answer(buildImagesFile(calls[index].input.indices));
    await settle();
  };
  return { store, calls, answer };
}

it('asks once for what is missing', async () => {
  const { store, calls, answer } = start();
  void store.ensureImages('mnist', [3, 5]);
  void store.ensureImages('mnist', [5, 8]);
  expect(calls.map(({ input }) => input.indices)).toEqual([[3, 5], [8]]);
  expect(calls[0]?.input).toMatchObject({ datasetId: 'mnist', split: 'test' });
  await answer(0);
  expect([...(store.imageOf('mnist', 5) ?? [])]).toEqual([5, 5, 5, 5]);
  expect(store.imageOf('other', 5)).toBeUndefined();
  expect(store.version).toBe(1);
  await store.ensureImages('mnist', [3, 5]);
  expect(calls).toHaveLength(2);
});

it('asks again for what failed', async () => {
  const { store, calls } = start();
  const asked = store.ensureImages('mnist', [3]);
  calls[0]?.fail(new Error('lost'));
  await expect(asked).rejects.toThrow('lost');
  void store.ensureImages('mnist', [3]);
  expect(calls).toHaveLength(2);
});

it('loads ahead in batches, until it is told to stop', async () => {
  const { store, calls, answer } = start();
  const stop = new AbortController();
  const ids = Uint32Array.from({ length: 5000 }, (_, id) => id);
  const ahead = store.prefetchImages('mnist', ids, stop.signal);
  expect(calls[0]?.input.indices).toHaveLength(2000);
  stop.abort();
  await answer(0);
  await ahead;
  expect(calls).toHaveLength(1);
  expect(store.imageOf('mnist', 1999)).toBeDefined();
});
