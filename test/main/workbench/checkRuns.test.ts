import { expect, test } from 'vitest';
import { presets } from '../../../src/core/config/presets.ts';
import type { DatasetRecord, EngineName, RunSummary } from '../../../src/core/records.ts';
import { checkEngineMemory, checkRuns } from '../../../src/main/workbench/checkRuns.ts';
import { catchError } from '../datasets/builders.ts';
import { withSettings } from '../../support/settings.ts';

type Parts = Parameters<typeof checkRuns>[2];

interface Choices {
  classes?: number;
  batchSize?: number;
  settings?: Parameters<typeof withSettings>[1];
}

/** Checks a run on images of a size, in classes of 50 training and 10 test images. */
function check(imageSize: number, engine: EngineName, choices: Choices = {}) {
  const { classes = 2, batchSize = 64, settings = {} } = choices;
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
    [{ config: withSettings(presets['mnist-r'], { dataset: 'mine', batchSize, ...settings }) }],
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

test('a network too deep for the images is refused, and so is a layer of which one pixel is left', async () => {
  const deep = { model: 'resnet', depth: '18' };
  const error = await catchError(() => check(8, 'native', { settings: deep }));
  expect(error.message).toContain('8 x 8 pixels; resnet needs 9 x 9');
  const within = { model: 'protopnet', backbone: 'resnet', resnetDepth: '18' };
  const other = await catchError(() => check(8, 'native', { settings: within }));
  expect(other.message).toContain('8 x 8 pixels; protopnet needs 9 x 9');
  await expect(check(9, 'native', { settings: deep })).resolves.toBeUndefined();
  await expect(check(8, 'native', { settings: { model: 'resnet' } })).resolves.toBeUndefined();

  const settings = { targetLayer: 'pool3' };
  const small = await catchError(() => check(15, 'native', { settings }));
  expect(small).toMatchObject({
    code: 'INVALID_ARGUMENT',
    message:
      'Of images of 15 x 15 pixels, as in data set mine, layer pool3 of paper-cnn leaves one pixel, which is no map.',
    remedy: 'Choose an earlier layer, for example --set targetLayer=relu3.',
  });
  await expect(check(16, 'native', { settings })).resolves.toBeUndefined();
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

test.each([
  ['before its first epoch', null, 'wasm', true],
  ['that it has an epoch of', {}, 'wasm', false],
  ['while its epochs are of the other', {}, 'native', true],
] as const)('a run on an engine %s', (_, last, name, isRefused) => {
  const run = { config: presets['mnist-c'], engine: { name }, last } as unknown as RunSummary;
  const dataset = { name: 'mine', imageSize: 224, classNames: ['a', 'b'] } as DatasetRecord;
  const check = (engine: EngineName) => () => {
    checkEngineMemory(run, engine, dataset);
  };
  if (isRefused) expect(check('wasm')).toThrow('Batches of 64');
  else expect(check('wasm')).not.toThrow();
  expect(check('native')).not.toThrow();
});

test('one class is refused, also of a set that is stored', async () => {
  await expect(check(28, 'wasm', { classes: 1 })).rejects.toThrow('mine has one class only');
});

test('images smaller than the window of SSIM are refused where it is a term', async () => {
  const error = await catchError(() =>
    check(10, 'wasm', { settings: { objective: 'contrastive+ssim' } }),
  );
  expect(error.message).toContain('10 x 10 pixels; the term ssim compares windows of 11 x 11');
  await expect(check(11, 'wasm', { settings: { objective: 'ssim' } })).resolves.toBeUndefined();
  await expect(check(10, 'wasm')).resolves.toBeUndefined();
});
