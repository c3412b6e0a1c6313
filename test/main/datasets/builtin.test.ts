import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { fashionPlaces, loadBuiltin } from '../../../src/main/datasets/builtin.ts';
import { DatasetLibrary } from '../../../src/main/datasets/library.ts';
import { computeNormalisation } from '../../../src/main/datasets/normalisation.ts';
import { makeFolder, makeIdx, writeFiles } from './builders.ts';

const nothing = () => undefined;
const emptyIndex = {
  insert: nothing,
  change: nothing,
  remove: nothing,
  get: () => null,
  find: () => null,
  list: () => [],
  listUsers: () => [],
};

/** An IDX file of `count` images of 28 x 28 pixels whose mean is that of Fashion-MNIST. */
function makeImages(count: number): Uint8Array {
  const header = makeIdx([count, 28, 28], []);
  const bytes = new Uint8Array(header.length + count * 784);
  bytes.set(header);
  // 93 pixels in 100 of level 73, the others 72: mean 72.93 / 255 = 0.2860.
  for (let p = header.length; p < bytes.length; p += 1) bytes[p] = p % 100 < 93 ? 73 : 72;
  return bytes;
}

const makeLabels = (count: number): Uint8Array =>
  makeIdx(
    [count],
    Array.from({ length: count }, (_, i) => i % 10),
  );

test('Fashion-MNIST comes from the Debian package where it is installed', async () => {
  const packageFolder = await makeFolder();
  const level = { level: 1 };
  await writeFiles(packageFolder, {
    'train-images-idx3-ubyte.gz': gzipSync(makeImages(60_000), level),
    'train-labels-idx1-ubyte.gz': gzipSync(makeLabels(60_000), level),
    't10k-images-idx3-ubyte.gz': gzipSync(makeImages(10_000), level),
    't10k-labels-idx1-ubyte.gz': gzipSync(makeLabels(10_000), level),
  });
  const folder = await makeFolder();
  const places = { packageFolder, baseUrl: 'http://127.0.0.1:9/' };
  const library = new DatasetLibrary(folder, emptyIndex, { places });
  const record = await library.ensureBuiltin('fashion-mnist');
  expect(record).toMatchObject({
    mean: 0.286,
    standardDeviation: 0.353,
    trainCounts: Array(10).fill(6000),
    testCounts: Array(10).fill(1000),
  });
  expect(record.classNames[0]).toBe('T-shirt/top');
  expect(record.classNames[9]).toBe('Ankle boot');
  expect(record.source).toContain('dataset-fashion-mnist');
  expect(await readdir(folder)).toEqual([`${record.id}.safetensors`]);
  // Files brought by hand, the way without network, make the same set.
  const byHand = { format: 'idx', path: packageFolder, name: 'fashion-mnist' } as const;
  expect((await library.import(byHand)).id).toBe(record.id);
});

const { packageFolder } = fashionPlaces;

test.skipIf(!existsSync(packageFolder))('the package holds the published images', async () => {
  const cache = join(await makeFolder(), 'none');
  const { train, test: testSplit } = await loadBuiltin('fashion-mnist', cache, fashionPlaces);
  const { mean, standardDeviation } = computeNormalisation(train.images, 1, packageFolder);
  expect(Number(mean).toFixed(4)).toBe('0.2860');
  expect(Number(standardDeviation).toFixed(4)).toBe('0.3530');
  expect([train.labels[0], testSplit.labels[0]]).toEqual([9, 9]);
});
