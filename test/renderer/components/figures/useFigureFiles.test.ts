import { afterEach, beforeEach, expect, it } from 'vitest';
import { ref } from 'vue';
import { useFigureFiles } from '../../../../src/renderer/components/figures/useFigureFiles.ts';
import { useToastsStore } from '../../../../src/renderer/stores/toasts.ts';
import { createFakeWorkbench } from '../../../support/fakeWorkbench.ts';
import { connectDirectly, createRendererApp, settle } from '../../../support/rendererApp.ts';
import type { RendererApp } from '../../../support/rendererApp.ts';

const draft = { template: 'training-curves', runs: ['run-0030'] } as const;
let app: RendererApp;
let signals: AbortSignal[];
/** How the workbench ends each export. */
let ends: PromiseWithResolvers<Blob>[];

beforeEach(async () => {
  [signals, ends] = [[], []];
  const fake = createFakeWorkbench({ runs: 30 });
  fake.api.figures.export = (_, { signal }) => {
    const end = Promise.withResolvers<Blob>();
    ends.push(end);
    if (signal !== undefined) {
      signals.push(signal);
      signal.addEventListener('abort', () => {
        end.reject(signal.reason);
      });
    }
    return end.promise;
  };
  app = await createRendererApp(connectDirectly(fake.api));
});
afterEach(() => {
  app.stop();
});

const open = (): { files: ReturnType<typeof useFigureFiles>; toasts: () => string[] } =>
  app.run(() => {
    const toasts = useToastsStore();
    const parts = { draft: ref({ ...draft, runs: [...draft.runs] }), preview: ref(undefined) };
    const files = useFigureFiles({ ...parts, name: ref('curves'), caption: ref('') });
    return { files, toasts: () => toasts.toasts.map(({ message }) => message) };
  });

/** Chooses an entry of the menu of exports. */
function choose({ exports }: ReturnType<typeof useFigureFiles>, label: string): void {
  for (const item of exports) if (item !== 'separator' && item.label === label) item.run();
}

it('cancels every file that is being made, without an error', async () => {
  const { files, toasts } = open();
  choose(files, 'PDF');
  choose(files, 'PNG');
  await settle();
  expect(files.exporting.value).toBe(true);
  files.cancel();
  await settle();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  expect(files.exporting.value).toBe(false);
  expect(toasts()).toEqual([]);
});

it('tells why a file could not be made', async () => {
  const { files, toasts } = open();
  choose(files, 'PDF');
  await settle();
  ends[0]?.reject(new Error('out of ink'));
  await settle();
  expect(files.exporting.value).toBe(false);
  expect(toasts()).toEqual([expect.stringContaining('out of ink')]);
});
