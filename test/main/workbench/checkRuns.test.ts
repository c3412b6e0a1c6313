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
  masks?: true;
}

const counts = { trainCounts: [50, 50], testCounts: [10, 10] };

/** Checks a run on images of a size, in classes of 50 training and 10 test images. */
function check(imageSize: number, engine: EngineName, choices: Choices = {}) {
  const { classes = 2, batchSize = 64, settings = {}, masks } = choices;
  const names = Array.from({ length: classes }, (_, k) => String(k));
  const record: Partial<DatasetRecord> = {
    name: 'mine',
    imageSize,
    classNames: names,
    trainCounts: names.map(() => 50),
    testCounts: names.map(() => 10),
    ...(masks && { masks }),
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

test('masks of a data set that has none are refused, also of a built-in one', async () => {
  const error = await catchError(() => check(28, 'wasm', { settings: { 'cam.mask': 'dataset' } }));
  expect(error).toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: 'cam.mask is dataset, but data set mine has no masks.',
  });
  const config = withSettings(presets['mnist-r'], { 'cam.mask': 'dataset' });
  const history = { datasets: { get: () => null } };
  const later = checkRuns([{ config }], 'wasm', { history } as unknown as Parts);
  await expect(later).rejects.toThrow('data set mnist has no masks');
  await expect(
    check(28, 'wasm', { settings: { 'cam.mask': 'dataset' }, masks: true }),
  ).resolves.toBeUndefined();
});

test('each way to make masks is asked about, not the first alone', async () => {
  const record = { name: 'mine', imageSize: 28, classNames: ['a', 'b'], ...counts };
  const library = { resolve: () => Promise.resolve({ record, path: '' }) };
  const parts = { library, history: { datasets: { get: () => record } } } as unknown as Parts;
  const plain = withSettings(presets['mnist-r'], { dataset: 'mine' });
  const masked = withSettings(plain, { 'cam.mask': 'dataset' });
  await expect(checkRuns([{ config: plain }, { config: masked }], 'wasm', parts)).rejects.toThrow(
    'no masks',
  );
});

test.each([
  ['triplet', { batchSize: 1 }, 2],
  ['supcon', { batchSize: 2 }, 3],
  ['contrastive', { batchSize: 1, 'contrastive.pairing': 'inBatch' }, 2],
])(
  'batches without pairs for %s are refused, with the least size',
  async (name, changes, least) => {
    const settings = { objective: name, ...changes };
    const error = await catchError(() => check(28, 'wasm', { ...changes, settings }));
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(error.message).toContain(
      `The term ${name} compares images of a batch, and batches of ${changes.batchSize} of the 90 training images`,
    );
    expect(error.remedy).toContain(`batchSize to ${least} or more`);
    const enough = { ...settings, batchSize: least };
    await expect(check(28, 'wasm', { ...enough, settings: enough })).resolves.toBeUndefined();
  },
);

test('batches of one image are fine where no term compares images', async () => {
  await expect(check(28, 'wasm', { batchSize: 1 })).resolves.toBeUndefined();
});

test('training images of one class are refused, whatever other classes there are', async () => {
  const record = { name: 'mine', imageSize: 28, classNames: ['a', 'b'] };
  const counted = { ...record, trainCounts: [50, 0], testCounts: [10, 10] };
  const library = { resolve: () => Promise.resolve({ record: counted, path: '' }) };
  const parts = { library, history: { datasets: { get: () => counted } } } as unknown as Parts;
  const config = withSettings(presets['mnist-c'], { dataset: 'mine' });
  const error = await catchError(() => checkRuns([{ config }], 'wasm', parts));
  expect(error.message).toContain(
    'data set mine that the run would learn from are all of one class',
  );
});

test('an image of each class has no partner for supcon', async () => {
  const settings = { objective: 'supcon', trainExamples: 3, validationFraction: 0.34 };
  await expect(check(28, 'wasm', { classes: 3, settings })).rejects.toThrow('never have the pairs');
});
