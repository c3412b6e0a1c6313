import { expect, it } from 'vitest';
import { computed } from 'vue';
import { useBesideCandidates } from '../../../../src/renderer/components/scrubber/useExampleNavigation.ts';
import { useRunsStore } from '../../../../src/renderer/stores/runs.ts';
import { createFakeWorkbench } from '../../../support/fakeWorkbench.ts';
import { connectDirectly, createRendererApp } from '../../../support/rendererApp.ts';

it('only a run that saw the same images can stand beside another, whatever the name', async () => {
  const fake = createFakeWorkbench({ runs: 30 });
  const finished = [...fake.runs.values()].filter(
    ({ status, config }) => status === 'completed' && config.data.dataset === 'mnist',
  );
  const [main, foreign, ...others] = finished;
  if (main === undefined || foreign === undefined) throw new Error('too few runs');
  fake.runs.set(foreign.id, { ...foreign, datasetId: 'another set of this name' });
  const { run } = await createRendererApp(connectDirectly(fake.api));
  const store = run(() => useRunsStore());
  await store.load();
  const candidates = run(() => useBesideCandidates(computed(() => store.summaryOf(main.id))));
  const ids = candidates.value.map(({ id }) => id);
  expect(ids).not.toContain(foreign.id);
  expect(ids).toEqual(expect.arrayContaining(others.map(({ id }) => id)));
});
