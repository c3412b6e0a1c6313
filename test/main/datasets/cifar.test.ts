import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { cifarClasses, loadCifar } from '../../../src/main/datasets/cifar.ts';
import { expectError, makeFolder, writeFiles } from './builders.ts';

type Files = Record<string, Uint8Array | string>;

/** Red, green and blue planes of image `number`: 10 * number + 0, 1 and 2, the first pixel 200 more red. */
function planesOf(number: number): number[] {
  const planes = [0, 1, 2].flatMap((k) => new Array<number>(1024).fill(10 * number + k));
  planes[0] = 200;
  return planes;
}

const binaryBatch = (...numbers: number[]): Uint8Array =>
  Uint8Array.from(numbers.flatMap((number) => [number % 10, ...planesOf(number)]));

const littleEndian = (value: number): number[] =>
  [0, 8, 16, 24].map((shift) => (value >> shift) & 255);
const ascii = (text: string): number[] => [...Buffer.from(text, 'latin1')];
/** A text as Python 2 writes it. */
const shortText = (text: string): number[] => [0x55, text.length, ...ascii(text)];

/** A batch as Python 2 wrote those that are published, instruction by instruction. */
function pythonBatch(...numbers: number[]): Uint8Array {
  const data = numbers.flatMap(planesOf);
  const array = [
    ...ascii('cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n'),
    ...[0x4b, 0, 0x85, ...shortText('b'), 0x87, 0x52],
    ...[0x28, 0x4b, 1, 0x4b, numbers.length, 0x4d, 0, 12, 0x86],
    ...ascii('cnumpy\ndtype\n'),
    ...[...shortText('u1'), 0x4b, 0, 0x4b, 1, 0x87, 0x52],
    ...[0x28, 0x4b, 3, ...shortText('|'), 0x4e, 0x4e, 0x4e],
    ...[0x4a, 255, 255, 255, 255, 0x4a, 255, 255, 255, 255, 0x4b, 0, 0x74, 0x62],
    ...[0x89, 0x54, ...littleEndian(data.length), ...data, 0x74, 0x62],
  ];
  const labels = [0x5d, 0x28, ...numbers.flatMap((number) => [0x4b, number % 10]), 0x65];
  const entries = [...shortText('labels'), ...labels, ...shortText('data'), ...array];
  return Uint8Array.from([0x80, 2, 0x7d, 0x28, ...entries, 0x75, 0x2e]);
}

const makeBatches = (batch: (...numbers: number[]) => Uint8Array, suffix: string): Files => ({
  ...Object.fromEntries(
    [1, 2, 3, 4, 5].map((k) => [`data_batch_${k}${suffix}`, batch(2 * k - 2, 2 * k - 1)]),
  ),
  [`test_batch${suffix}`]: batch(10, 11),
});
const binary = {
  ...makeBatches(binaryBatch, '.bin'),
  'batches.meta.txt': `${cifarClasses.join('\n')}\n\n`,
};
const python = makeBatches(pythonBatch, '');

async function makeSet(files: Files): Promise<string> {
  const folder = await makeFolder();
  await writeFiles(folder, files);
  return folder;
}

function makeArchive(files: Files): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const archive = pack();
  const parts: Buffer[] = [];
  archive.on('data', (part) => parts.push(part as Buffer)).on('error', reject);
  archive.on('end', () => {
    resolve(gzipSync(Buffer.concat(parts)));
  });
  archive.entry({ name: 'cifar-10-batches-bin', type: 'directory' });
  for (const [name, bytes] of Object.entries(files)) {
    archive.entry({ name: `cifar-10-batches-bin/${name}` }, Buffer.from(bytes));
  }
  archive.entry({ name: 'cifar-10-batches-bin/readme.html' }, 'x'.repeat(2000));
  archive.finalize();
  return promise;
}

describe('CIFAR-10', () => {
  it.each([
    ['binary', binary],
    ['Python', python],
  ])('in its %s version is read pixel by pixel, under its names', async (_, files) => {
    const content = await loadCifar(await makeSet(files));
    expect(content).toMatchObject({ imageSize: 32, channels: 3, classNames: cifarClasses });
    expect([...content.train.labels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([...content.test.labels]).toEqual([0, 1]);
    const image = content.train.images.subarray(3 * 3072, 4 * 3072);
    expect([...image.subarray(0, 6)]).toEqual([200, 31, 32, 30, 31, 32]);
    expect([...image.subarray(-3)]).toEqual([30, 31, 32]);
    expect(Object.keys(content.sourceChecksums)).toHaveLength(6);
  });

  it('is read from the archive as from a folder, and from a folder around it', async () => {
    const folder = await makeFolder();
    const archive = join(folder, 'cifar-10-binary.tar.gz');
    await writeFile(archive, await makeArchive(binary));
    const outer = await makeFolder();
    await mkdir(join(outer, 'cifar-10-batches-py'));
    await writeFiles(join(outer, 'cifar-10-batches-py'), python);
    const plain = await loadCifar(await makeSet(binary));
    for (const path of [archive, outer]) {
      const { train, test } = await loadCifar(path);
      expect({ train, test }).toEqual({ train: plain.train, test: plain.test });
    }
  });

  it('can be scaled and made grey', async () => {
    const content = await loadCifar(await makeSet(binary), {}, { resize: 8, channels: 1 });
    expect(content).toMatchObject({ imageSize: 8, channels: 1 });
    // 0.299 * 30 + 0.587 * 31 + 0.114 * 32, far from the first pixel.
    expect(content.train.images[3 * 64 + 63]).toBe(31);
  });

  it.each<[string, Files, 'CORRUPT_INPUT' | 'NOT_FOUND', RegExp]>([
    [
      'a batch cut short',
      { 'data_batch_2.bin': binaryBatch(2, 3).subarray(0, -1) },
      'CORRUPT_INPUT',
      /data_batch_2.*cut short/,
    ],
    ['an empty batch', { 'test_batch.bin': new Uint8Array() }, 'CORRUPT_INPUT', /test_batch/],
    [
      'a label beyond the names',
      { 'batches.meta.txt': 'a\nb\n' },
      'CORRUPT_INPUT',
      /label 2.*2 classes/,
    ],
  ])('%s is refused', async (_, change, code, message) => {
    const folder = await makeSet({ ...binary, ...change });
    await expectError(() => loadCifar(folder), code, folder, message);
  });

  it('without a batch, or without any, says so', async () => {
    const { 'data_batch_4.bin': missing, ...rest } = binary as Files;
    expect(missing).toBeDefined();
    const folder = await makeSet(rest);
    await expectError(() => loadCifar(folder), 'NOT_FOUND', folder, 'data_batch_4.bin');
    const empty = await makeFolder();
    await expectError(() => loadCifar(empty), 'NOT_FOUND', empty, 'test_batch');
  });

  it('in a damaged archive, or as another pickle, is refused', async () => {
    const folder = await makeFolder();
    const whole = await makeArchive(binary);
    const path = join(folder, 'cut.tar.gz');
    await writeFile(path, whole.subarray(0, whole.length - 100));
    await expectError(() => loadCifar(path), 'CORRUPT_INPUT', path);
    const other = await makeSet({ ...python, data_batch_1: Uint8Array.of(0x80, 2, 0x4b, 1, 0x2e) });
    await expectError(() => loadCifar(other), 'CORRUPT_INPUT', 'data_batch_1', 'labels');
  });
});
