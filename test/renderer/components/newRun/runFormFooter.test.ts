// @vitest-environment jsdom
import { mount } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { expect, it, vi } from 'vitest';
import { ref } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import { AfterimageError } from '../../../../src/core/errors.ts';
import RunFormFooter from '../../../../src/renderer/components/newRun/RunFormFooter.vue';
import { apiKey } from '../../../../src/renderer/stores/client.ts';

interface Mounted {
  find: (selector: string) => { exists: () => boolean; text: () => string };
}

/** The foot of a form of one run, whose time the workbench is asked for. */
function open(estimate: () => Promise<unknown>): Mounted {
  const form = {
    ...{ problems: ref([]), fits: ref(true), count: ref(1), name: ref('a run') },
    ...{ engine: ref('wasm'), fields: ref([]), configs: () => [{}], expand: () => [] },
  };
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/', component: {} }],
  });
  const connection = { state: 'open', onChange: () => () => undefined };
  const api = { client: { runs: { estimate } }, connection };
  return mount(RunFormFooter, {
    props: { form },
    global: {
      plugins: [createPinia(), router],
      provide: { [apiKey as symbol]: api },
    },
  });
}

it('says why the runs could not begin, and what to do, before they are queued', async () => {
  const footer = open(() =>
    Promise.reject(
      new AfterimageError('INVALID_ARGUMENT', 'Batches need 9.5 GiB.', 'Set batchSize to 24.'),
    ),
  );
  await vi.waitUntil(() => footer.find('.problem').exists());
  expect(footer.find('.problem').text()).toBe('Batches need 9.5 GiB. Set batchSize to 24.');
});

it('says how long they will take where they can', async () => {
  const footer = open(() => Promise.resolve({ durationMs: 240_000, basis: 'by experience' }));
  await vi.waitUntil(() => footer.find('.time').exists());
  expect(footer.find('.time').text()).toContain('about 4 min');
  expect(footer.find('.problem').exists()).toBe(false);
});
