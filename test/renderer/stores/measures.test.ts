import { expect, it } from 'vitest';
import { useMeasuresStore } from '../../../src/renderer/stores/measures.ts';
import { createFakeWorkbench } from '../../support/fakeWorkbench.ts';
import { connectDirectly, createRendererApp } from '../../support/rendererApp.ts';

const runId = 'run-0013';
const many = Array.from({ length: 120 }, (_, i) => ({ runId, epoch: i % 12 }));

async function openStore() {
  const { api } = createFakeWorkbench({ runs: 30, stepMs: 0 });
  const asked: number[] = [];
  const { measures } = api.statistics;
  api.statistics.measures = (query, options) => {
    asked.push(query.runs.length);
    return measures(query, options);
  };
  const { run } = await createRendererApp(connectDirectly(api));
  return { store: run(() => useMeasuresStore()), asked };
}

it('asks for many epochs piece by piece, and for none twice', async () => {
  const { store, asked } = await openStore();
  await store.ensure(many, ['calibrationError']);
  expect(asked).toEqual([50, 50, 20]);
  expect(store.valueOf({ runId, epoch: 11 }, 'calibrationError')).toBeGreaterThan(0);
  await store.ensure(many, ['calibrationError']);
  expect(asked).toHaveLength(3);
});

it('stops after the piece under way when nobody waits for the rest, which can be asked for again', async () => {
  const { store, asked } = await openStore();
  const leaving = new AbortController();
  const others = ['run-0014', 'run-0017'].flatMap((other) =>
    Array.from({ length: 12 }, (_, epoch) => ({ runId: other, epoch })),
  );
  const measuring = store.ensure(
    [...many.slice(0, 60), ...others],
    ['calibrationError'],
    leaving.signal,
  );
  leaving.abort();
  await measuring;
  expect(asked).toEqual([50]);
  await store.ensure(others, ['calibrationError']);
  expect(asked).toEqual([50, 24]);
});
