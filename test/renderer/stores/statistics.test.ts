import { expect, it } from 'vitest';
import { useStatisticsStore } from '../../../src/renderer/stores/statistics.ts';
import { useConnectionStore } from '../../../src/renderer/stores/connection.ts';
import { createFakeWorkbench } from '../../support/fakeWorkbench.ts';
import { connectDirectly, createRendererApp } from '../../support/rendererApp.ts';

async function openCounted() {
  const { api } = createFakeWorkbench({ runs: 30, stepMs: 0 });
  const { compare } = api.statistics;
  let asked = 0;
  api.statistics.compare = (...call) => {
    asked += 1;
    return compare(...call);
  };
  const { run } = await createRendererApp(connectDirectly(api));
  const [store, connection] = run(() => [useStatisticsStore(), useConnectionStore()] as const);
  return { store, connection, asked: () => asked };
}
const openStore = async () => (await openCounted()).store;

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

it('gives what it compared before at once, unless the runs or what is asked of them are others', async () => {
  const { store, asked } = await openCounted();
  await store.compare([c4, r4], 'best', 'epochs 3, 4');
  const first = store.comparison;
  await store.compare([c5, r5], 'best', 'epochs 3, 4');
  store.clear();
  void store.compare([c4, r4], 'best', 'epochs 3, 4');
  expect(store.comparison).toBe(first);
  expect(store.pending).toBe(false);
  expect(asked()).toBe(2);
  await store.compare([c4, r4], 'best', 'epochs 3, 5');
  await store.compare([c4, r4], 'last', 'epochs 3, 5');
  await store.compare([r4, c4], 'last', 'epochs 3, 5');
  expect(asked()).toBe(5);
});

it('writes the table of the tests that it shows', async () => {
  const store = await openStore();
  await store.compare([c4, r4], 'best');
  if (store.comparison === null) throw new Error('nothing was compared');
  const latex = await store.writeTests(store.comparison, 'tex');
  expect(latex).toContain('\\begin{tabular}');
  expect(latex).toContain('p (Holm)');
});
