import { expect, it } from 'vitest';
import { watch } from 'vue';
import { AfterimageError } from '../../../src/core/errors.ts';
import { useTestImages } from '../../../src/renderer/composables/useTestImages.ts';
import { useConnectionStore } from '../../../src/renderer/stores/connection.ts';
import { useImagesStore } from '../../../src/renderer/stores/images.ts';
import { buildImagesFile } from './exampleFiles.ts';
import { createFakeWorkbench } from '../../support/fakeWorkbench.ts';
import { connectDirectly, createRendererApp } from '../../support/rendererApp.ts';
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

/** A workbench without the images of the set `gone`, and the store over it. */
async function startWithout() {
  const fake = createFakeWorkbench({ runs: 1 });
  const { images } = fake.api.datasets;
  const asked: string[] = [];
  const missing = new Set(['gone']);
  fake.api.datasets.images = (input, options) => {
    asked.push(input.datasetId);
    return missing.has(input.datasetId)
      ? Promise.reject(new AfterimageError('NOT_FOUND', 'They are not here.', 'Import them.'))
      : images(input, options);
  };
  const { run } = await createRendererApp(connectDirectly(fake.api));
  run(() => {
    useConnectionStore().start();
  });
  await settle();
  const bringBack = async (): Promise<void> => {
    missing.clear();
    fake.publish({ type: 'datasets' });
    await settle();
  };
  return { asked, bringBack, run, store: run(() => useImagesStore()) };
}

it('says why images cannot be had, of their data set alone and until that is imported', async () => {
  const { store, bringBack } = await startWithout();
  await expect(store.ensureImages('gone', [1])).rejects.toThrow('They are not here.');
  expect(store.problemOf('gone')).toMatchObject({ code: 'NOT_FOUND', remedy: 'Import them.' });
  await store.ensureImages('here', [1]);
  expect(store.problemOf('here')).toBeNull();
  expect(store.imageOf('gone', 1)).toBeUndefined();

  const before = store.version;
  await bringBack();
  expect(store.version).toBeGreaterThan(before);
  expect(store.problemOf('gone')).toBeNull();
  expect(store.imageOf('here', 1)).toBeDefined();
});

it('is not news again where the same images are asked for again', async () => {
  const { store, run } = await startWithout();
  let news = 0;
  run(() => {
    watch(
      () => store.problemOf('gone'),
      () => (news += 1),
      { flush: 'sync' },
    );
  });
  for (const id of [1, 2, 3]) await store.ensureImages('gone', [id]).catch(() => undefined);
  expect(news).toBe(1);
});

it('a run’s images are those of its data set; null where they cannot be had', async () => {
  const { asked, bringBack, run } = await startWithout();
  const [gone, begun, queued] = run(() => [
    useTestImages('gone'),
    useTestImages('here'),
    useTestImages(null),
  ]);
  expect(gone.imageOf(4)).toBeUndefined();
  for (const images of [gone, begun, queued]) await images.ensure([4]);
  expect(asked).toEqual(['gone', 'here']);
  expect(gone.imageOf(4)).toBeNull();
  expect(gone.problem.value?.message).toBe('They are not here.');
  expect(begun.imageOf(4)).toHaveLength(28 * 28);
  expect(begun.problem.value).toBeNull();
  expect(queued.imageOf(4)).toBeUndefined();
  await bringBack();
  expect(gone.imageOf(4)).toBeUndefined();
  await gone.ensure([4]);
  expect(gone.imageOf(4)).toEqual(begun.imageOf(4));
});
