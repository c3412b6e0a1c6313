import { expect, test } from 'vitest';
import { presets } from '../../../src/core/config/presets.ts';
import type { DatasetRecord, EngineName } from '../../../src/core/records.ts';
import { checkRuns } from '../../../src/main/workbench/checkRuns.ts';
import { catchError } from '../datasets/builders.ts';
import { withSettings } from '../../support/settings.ts';

type Parts = Parameters<typeof checkRuns>[2];

/** Checks a run on images of a size, in classes of 50 training and 10 test images. */
function check(
  imageSize: number,
  engine: EngineName,
  { classes = 2, batchSize = 64, objective = 'contrastive' } = {},
) {
  const names = Array.from({ length: classes }, (_, k) => String(k));
  const record: Partial<DatasetRecord> = {
    name: 'mine',
    imageSize,
    classNames: names,
    trainCounts: names.map(() => 50),
    testCounts: names.map(() => 10),
  };
  const library = { resolve: () => Promise.resolve({ record, path: '' }) };
  const history = { datasets: { get: () => record } };
  const parts = { library, history } as unknown as Parts;
  return checkRuns(
    [{ config: withSettings(presets['mnist-r'], { dataset: 'mine', batchSize, objective }) }],
    engine,
    parts,
  );
}

test('images that pooling leaves nothing of are refused with the least size', async () => {
  const error = await catchError(() => check(4, 'native'));
  expect(error.code).toBe('INVALID_ARGUMENT');
  expect(error.message).toContain('4 x 4 pixels; paper-cnn needs 8 x 8');
  await expect(check(8, 'native')).resolves.toBeUndefined();
});

test('batches beyond the embedded engine’s memory are refused with one that fits', async () => {
  const error = await catchError(() => check(224, 'wasm'));
  expect(error.message).toMatch(/Batches of 64 .* 224 x 224 pixels, need about 9\.\d GiB/);
  const fitting = Number(/batchSize to (\d+) or less/.exec(error.remedy)?.[1]);
  await expect(check(224, 'wasm', { batchSize: fitting })).resolves.toBeUndefined();
  await expect(check(224, 'wasm', { batchSize: fitting + 1 })).rejects.toThrow('Batches');
  await expect(check(224, 'native')).resolves.toBeUndefined();
  await expect(check(28, 'wasm')).resolves.toBeUndefined();
});

test('one class is refused, also of a set that is stored', async () => {
  await expect(check(28, 'wasm', { classes: 1 })).rejects.toThrow('mine has one class only');
});

test('images smaller than the window of SSIM are refused where it is a term', async () => {
  const error = await catchError(() => check(10, 'wasm', { objective: 'contrastive+ssim' }));
  expect(error.message).toContain('10 x 10 pixels; the term ssim compares windows of 11 x 11');
  await expect(check(11, 'wasm', { objective: 'ssim' })).resolves.toBeUndefined();
  await expect(check(10, 'wasm')).resolves.toBeUndefined();
});
