import { shallowRef } from 'vue';
import { expect, it } from 'vitest';
import { useClassParam } from '../../../src/renderer/composables/useClassParam.ts';
import { createFakeWorkbench } from '../../support/fakeWorkbench.ts';
import { connectDirectly, createRendererApp, settle } from '../../support/rendererApp.ts';

/** As EMNIST has them: 1 is the class 0. */
const names = ['1', '2', '10', 'Größe'];

const open = async (path: string, classNames = names) => {
  const renderer = await createRendererApp(
    connectDirectly(createFakeWorkbench({ runs: 0 }).api),
    path,
  );
  const known = shallowRef<readonly string[]>(classNames);
  const label = renderer.run(() => useClassParam('label', known));
  return { label, known, query: () => renderer.router.currentRoute.value.query['label'] };
};

it('reads a class by its name, never by its number', async () => {
  expect((await open('/?label=10')).label.value).toBe(2);
  expect((await open('/?label=3')).label.value).toBeNull();
  expect((await open('/')).label.value).toBeNull();
  expect((await open(`/?label=${encodeURIComponent('Gro\u0308ße')}`)).label.value).toBe(3);
});

it('reads it once the names are known', async () => {
  const { label, known } = await open('/?label=2', []);
  expect(label.value).toBeNull();
  known.value = names;
  expect(label.value).toBe(1);
});

it('writes the name, and nothing for any class', async () => {
  const { label, query } = await open('/?label=2');
  label.value = 2;
  expect(label.value).toBe(2);
  await settle();
  expect(query()).toBe('10');
  label.value = null;
  await settle();
  expect(query()).toBeUndefined();
});
