import { describe, expect, it } from 'vitest';
import { useBundlesStore } from '../../../src/renderer/stores/bundles.ts';
import { usualExport } from '../../../src/renderer/stores/bundlePieces.ts';
import { useToastsStore } from '../../../src/renderer/stores/toasts.ts';
import { bundlePieceBytes } from '../../../src/shared/bundleCalls.ts';
import { AfterimageError } from '../../../src/core/errors.ts';
import { createFakeWorkbench } from '../../support/fakeWorkbench.ts';
import { connectDirectly, createRendererApp } from '../../support/rendererApp.ts';
import { watch } from 'vue';

async function openBundles() {
  const { api, runs } = createFakeWorkbench({ runs: 2, stepMs: 0 });
  const { run } = await createRendererApp(connectDirectly(api));
  const bundles = run(() => useBundlesStore());
  const told: string[] = [];
  run(() => {
    watch(
      () => bundles.running.at(0)?.progress,
      (progress) => {
        if (progress) told.push(`${progress.step} ${progress.done}/${progress.total}`);
      },
      { flush: 'sync' },
    );
  });
  return { api, bundles, told, toasts: run(() => useToastsStore()), runIds: [...runs.keys()] };
}

const fileOf = (name: string, size: number): File => new File([new Uint8Array(size)], name);

describe('an export', () => {
  it('puts the pieces together, telling how far it is', async () => {
    const { bundles, told, runIds } = await openBundles();
    const bundle = await bundles.exportRuns(usualExport(runIds), 'Export 2 runs');
    const text = runIds.join('\n');
    const bytes = text.length + 3 * bundlePieceBytes;
    expect(bundle?.size).toBe(bytes);
    expect(await bundle?.slice(0, text.length).text()).toBe(text);
    expect(told).toContain('Copying runs 19/20');
    expect(told.slice(-4)).toEqual(
      [0, 1, 2, 3].map((piece) => `Receiving the file ${piece * bundlePieceBytes}/${bytes}`),
    );
    expect(bundles.running).toEqual([]);
  });

  it('ends when it is cancelled, without a word', async () => {
    const { bundles, toasts, runIds } = await openBundles();
    const exporting = bundles.exportRuns(usualExport(runIds), 'Export 2 runs');
    expect(bundles.running.map(({ title }) => title)).toEqual(['Export 2 runs']);
    bundles.running[0]?.cancel();
    expect(await exporting).toBeUndefined();
    expect(bundles.running).toEqual([]);
    expect(toasts.toasts).toEqual([]);
  });
});

describe('an import of several bundles', () => {
  it('sends each in pieces and counts what came in', async () => {
    const { bundles, told } = await openBundles();
    const files = [fileOf('a', 5), fileOf('b', bundlePieceBytes + 5)];
    expect(await bundles.importFiles(files)).toMatchObject({ read: 2, imported: 0, skipped: 2 });
    expect(told.filter((text) => text.includes('Sending'))).toEqual([
      '1 of 2, a: Sending the file 0/5',
      `2 of 2, b: Sending the file 0/${bundlePieceBytes + 5}`,
      `2 of 2, b: Sending the file ${bundlePieceBytes}/${bundlePieceBytes + 5}`,
    ]);
  });

  it('goes on after one that is refused, and says which', async () => {
    const { api, bundles, toasts } = await openBundles();
    const { importBundle } = api.runs;
    api.runs.importBundle = (input, options) => {
      if (input.name !== 'bad') return importBundle(input, options);
      throw new AfterimageError('CORRUPT_INPUT', 'bad is not whole.', 'Copy it again.');
    };
    const counts = await bundles.importFiles([fileOf('bad', 5), fileOf('good', 5)]);
    expect(counts).toEqual({ read: 1, imported: 0, skipped: 1, inBin: 0, absent: [] });
    expect(toasts.toasts).toMatchObject([{ message: 'bad is not whole.', kind: 'error' }]);
  });

  it('does not begin the next after it was cancelled, and keeps what had come in', async () => {
    const { api, bundles, toasts } = await openBundles();
    const { importBundle } = api.runs;
    const begun: string[] = [];
    api.runs.importBundle = (input, options) => {
      begun.push(input.name);
      if (input.name === 'b') bundles.running[0]?.cancel();
      return importBundle(input, options);
    };
    const counts = await bundles.importFiles([fileOf('a', 5), fileOf('b', 5), fileOf('c', 5)]);
    expect(counts.read).toBe(1);
    expect(begun).toEqual(['a', 'b']);
    expect(toasts.toasts).toEqual([]);
  });
});
