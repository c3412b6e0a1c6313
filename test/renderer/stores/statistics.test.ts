import { expect, it } from 'vitest';
import { useStatisticsStore } from '../../../src/renderer/stores/statistics.ts';
import { createFakeWorkbench } from '../../support/fakeWorkbench.ts';
import { connectDirectly, createRendererApp } from '../../support/rendererApp.ts';

async function openStore() {
  const { api } = createFakeWorkbench({ runs: 30, stepMs: 0 });
  const { run } = await createRendererApp(connectDirectly(api));
  return run(() => useStatisticsStore());
}

const [c4, r4, c5, r5] = ['run-0018', 'run-0017', 'run-0014', 'run-0013'] as const;

it('compares two runs, and tells how far it is', async () => {
  const store = await openStore();
  const comparing = store.compare([c4, r4], 'best');
  expect(store.pending).toBe(true);
  await comparing;
  expect(store.progress?.step).toBe('Bootstrap');
  expect(store.comparison).toMatchObject({
    kind: 'examples',
    a: { label: 'C' },
    b: { label: 'R' },
  });
  expect(store.pending).toBe(false);
});

it('shows the last comparison asked for, and why one was refused', async () => {
  const store = await openStore();
  const earlier = store.compare([c4, r4], 'best');
  await store.compare([c4, r4, c5, r5], 'best');
  await earlier;
  expect(store.comparison?.kind).toBe('seeds');
  store.clear();
  expect(store.comparison).toBeNull();
  await store.compare([c4, r4, c5], 'best');
  expect(store.error?.message).toContain('Seed 5');
  expect(store.comparison).toBeNull();
});

it('writes tables', async () => {
  const store = await openStore();
  const query = { runIds: [c4, r4], epoch: 'best', group: 'none', format: 'tex' } as const;
  expect(await store.writeTable({ ...query, runIds: [...query.runIds] })).toContain(
    '\\textbf{98.6}',
  );
});
