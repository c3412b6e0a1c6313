import { shallowRef } from 'vue';
import { describe, expect, it, onTestFinished } from 'vitest';
import { usePreview } from '../../../../src/renderer/components/figures/usePreview.ts';
import type { FigureDraft } from '../../../../src/renderer/figures/draft.ts';
import { useConnectionStore } from '../../../../src/renderer/stores/connection.ts';
import { useFiguresStore } from '../../../../src/renderer/stores/figures.ts';
import type { WorkbenchApi } from '../../../../src/main/router.ts';
import { createFakeWorkbench } from '../../../support/fakeWorkbench.ts';
import { connectDirectly, createRendererApp, settle } from '../../../support/rendererApp.ts';

const live = 'run-0030';
const curves: FigureDraft = { template: 'training-curves', runs: [live] };
const pair = (example: number): FigureDraft => ({ template: 'cam-pair', run: 'run-0014', example });

/** A live preview of a draft, with the specifications that the workbench was asked for. */
async function start(draft: FigureDraft) {
  const fake = createFakeWorkbench({ runs: 30 });
  const asked: { specification: FigureDraft; signal: AbortSignal | undefined }[] = [];
  const build: WorkbenchApi['figures']['build'] = fake.api.figures.build.bind(fake.api.figures);
  fake.api.figures.build = (input, options) => {
    asked.push({ specification: input.specification as FigureDraft, signal: options.signal });
    return build(input, options);
  };
  const app = await createRendererApp(connectDirectly(fake.api));
  onTestFinished(app.stop);
  const shown = shallowRef<FigureDraft | null>(draft);
  const preview = app.run(() => {
    useFiguresStore();
    useConnectionStore().start();
    return usePreview(shown);
  });
  const finish = async (): Promise<void> => {
    await settle();
    await expect.poll(() => preview.pending.value).toBe(false);
  };
  return { fake, asked, shown, preview, finish };
}

describe('a live preview', () => {
  it('is of the newest draft, and lets go of the ones before', async () => {
    const { asked, shown, preview, finish } = await start(pair(1));
    for (const example of [2, 3, 4]) {
      shown.value = pair(example);
      await Promise.resolve();
    }
    await finish();
    expect(preview.value.value?.caption).toContain('Test image 4 ');
    expect(asked.at(-1)?.specification).toEqual(pair(4));
    expect(asked.slice(0, -1).every(({ signal }) => signal?.aborted === true)).toBe(true);
  });

  it('is drawn again when a run of its gets another epoch, and only then', async () => {
    const { fake, asked, preview, finish } = await start(curves);
    await finish();
    const before = preview.value.value?.svg;
    fake.advance(10);
    await finish();
    expect(asked).toHaveLength(1);
    fake.advance(100);
    await expect.poll(() => asked.length).toBe(2);
    await finish();
    expect(preview.value.value?.svg).not.toBe(before);
  });

  it('says what is wrong, keeps the last picture, and is well again', async () => {
    const { asked, shown, preview, finish } = await start(pair(1));
    await finish();
    const before = preview.value.value;
    shown.value = { ...pair(1), style: { fontSizePt: 0 } };
    await finish();
    expect(preview.error.value?.message).toContain('style.fontSizePt');
    shown.value = { ...pair(1), run: 'run-9999' };
    await finish();
    expect(preview.error.value).toMatchObject({ message: 'There is no run run-9999.' });
    expect(preview.value.value).toBe(before);
    expect(asked).toHaveLength(2);
    shown.value = pair(2);
    await finish();
    expect(preview.error.value).toBeNull();
  });
});
