import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { expect, it, onTestFinished } from 'vitest';
import { DatasetLibrary } from '../../../src/main/datasets/library.ts';
import {
  describePublished,
  publishedSets,
  type PublishedSet,
} from '../../../src/main/datasets/published.ts';
import { openTestHistory } from '../store/fixtures.ts';
import {
  catchError,
  expectError,
  makeFolder,
  makeIdxFiles,
  makeNpy,
  writeFiles,
} from './builders.ts';

const md5Of = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

/** A server that knows ranges and breaks off once, in the middle of what it first sends. */
async function serve(files: Record<string, Uint8Array>): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1).replace(/\?.*$/, '');
    const body = files[name] ?? Buffer.alloc(0);
    asked.push(`${name} ${request.headers.range ?? ''}`);
    const offset = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(offset > 0 ? 206 : 200, { 'content-length': body.length - offset });
    if (asked.length > 1) response.end(body.subarray(offset));
    else {
      response.write(body.subarray(0, 100));
      // What has been sent shall arrive before the connection breaks.
      setTimeout(() => response.destroy(), 150);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked };
}

async function openLibraryOf(sets: Record<string, PublishedSet>) {
  const folder = await makeFolder();
  const published = new Map(Object.entries(sets));
  const library = new DatasetLibrary(folder, openTestHistory().datasets, { published });
  return { library, folder };
}

/** A library that knows one set, in two files' worth of tries. */
const openLibrary = (name: string, set: PublishedSet) => openLibraryOf({ [name]: set });

const facts = { licence: null, images: 8, imageSize: 2, channels: 1, downloadBytes: null } as const;

const pixels = Uint8Array.from({ length: 6 * 12 }, (_, i) => (i * 37) % 251);
const npz = zipSync({
  'train_images.npy': makeNpy('|u1', [6, 2, 2, 3], pixels),
  'train_labels.npy': makeNpy('|u1', [6, 1], Uint8Array.of(0, 1, 0, 1, 0, 1)),
  'test_images.npy': makeNpy('|u1', [2, 2, 2, 3], pixels.subarray(0, 24)),
  'test_labels.npy': makeNpy('|u1', [2, 1], Uint8Array.of(0, 1)),
});

const medmnistLike = (url: string, md5 = md5Of(npz)): PublishedSet => ({
  ...facts,
  title: 'PathMNIST',
  format: 'npz',
  page: 'https://example.org/page',
  files: [{ name: 'pathmnist.npz', url: `${url}pathmnist.npz?download=1`, md5, mostBytes: 10_000 }],
});

it('a set is downloaded, goes on where the connection broke, and is there', async () => {
  const { url, asked } = await serve({ 'pathmnist.npz': npz });
  const { library } = await openLibrary('pathmnist', medmnistLike(url));
  const broken = await catchError(() => library.fetch({ name: 'pathmnist' }));
  expect(broken).toMatchObject({ code: 'NO_NETWORK' });
  expect(broken.remedy).toContain('datasets import --format npz PATH --name pathmnist');
  expect(broken.remedy).toContain('https://example.org/page');
  const record = await library.fetch({ name: 'pathmnist' });
  expect(asked).toEqual(['pathmnist.npz ', 'pathmnist.npz bytes=100-']);
  expect(record).toMatchObject({
    name: 'pathmnist',
    channels: 3,
    imageSize: 2,
    trainCounts: [3, 3],
  });
  expect(record.source).toBe(`PathMNIST, downloaded from ${url}pathmnist.npz?download=1`);
  expect(await library.fetch({ name: 'pathmnist' })).toEqual(record);
  expect(asked).toHaveLength(2);
});

it('what is not the file expected is refused and not kept', async () => {
  const { url } = await serve({ 'pathmnist.npz': npz });
  const { library } = await openLibrary('pathmnist', medmnistLike(url, md5Of(Buffer.from('x'))));
  await catchError(() => library.fetch({ name: 'pathmnist' }));
  await expectError(() => library.fetch({ name: 'pathmnist' }), 'CORRUPT_INPUT', 'MD5', url);
});

/** An archive with two sets as EMNIST has six, and those of which `variants` are known. */
async function serveArchive(...variants: string[]) {
  const named = (variant: string, side: number): [string, Uint8Array][] =>
    Object.entries(makeIdxFiles(6, 4, 2, side)).map(([name, bytes]) => [
      `gzip/emnist-${variant}-${name.replace('t10k', 'test')}.gz`,
      gzipSync(bytes),
    ]);
  const mapping = ['gzip/emnist-letters-mapping.txt', Buffer.from('0 65 97\n1 66 98\n')] as const;
  const zip = zipSync(Object.fromEntries([...named('letters', 3), ...named('digits', 2), mapping]));
  const { url, asked } = await serve({ 'gzip.zip': zip });
  const file = { name: 'gzip.zip', url: `${url}gzip.zip`, md5: md5Of(zip), mostBytes: 10_000 };
  const setOf = (variant: string): PublishedSet => ({
    ...{ ...facts, title: `EMNIST ${variant}`, format: 'idx', page: url, files: [file] },
    prefix: `emnist-${variant}-`,
  });
  const sets = variants.map((variant) => [`emnist-${variant}`, setOf(variant)] as const);
  const archive = join('downloads', 'archives', file.md5, 'gzip.zip');
  return { asked, archive, ...(await openLibraryOf(Object.fromEntries(sets))) };
}

it('of an archive of several sets, the files of one are read', async () => {
  const { library } = await serveArchive('letters');
  await catchError(() => library.fetch({ name: 'emnist-letters' }));
  const record = await library.fetch({ name: 'emnist-letters', resize: 8 });
  expect(record).toMatchObject({ imageSize: 8, classNames: ['a', 'b'], testCounts: [2, 2] });
});

it('an archive of several sets is downloaded once for all of them, and gone with the last', async () => {
  const { library, folder, asked, archive } = await serveArchive('letters', 'digits');
  await catchError(() => library.fetch({ name: 'emnist-letters' }));
  await library.fetch({ name: 'emnist-letters' });
  expect(existsSync(join(folder, archive))).toBe(true);
  expect(existsSync(join(folder, 'downloads', 'emnist-letters'))).toBe(false);
  const { imageSize } = await library.fetch({ name: 'emnist-digits' });
  expect(imageSize).toBe(2);
  expect(asked).toEqual(['gzip.zip ', 'gzip.zip bytes=100-']);
  expect(existsSync(join(folder, archive))).toBe(false);
});

it('a set that could not be stored is refused before it is downloaded', async () => {
  const { url, asked } = await serve({});
  const large = { ...medmnistLike(url), images: 107_180, imageSize: 224, channels: 3 } as const;
  const { library } = await openLibrary('pathmnist', large);
  const error = await catchError(() => library.fetch({ name: 'pathmnist' }));
  expect(error).toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: 'PathMNIST has 107180 images, which take 15.0 GiB; at most 2 GiB can be stored.',
  });
  // 107,180 * (3 * 81^2 + 1) bytes are below 2 GiB less 1 MiB, with 82 pixels they are not.
  expect(error.remedy).toContain('scaled to 81 pixels a side or fewer');
  expect(asked).toEqual([]);
  await catchError(() => library.fetch({ name: 'pathmnist', resize: 81 }));
  expect(asked).toEqual(['pathmnist.npz ']);
  expect(library.listPublished()).toMatchObject([{ name: 'pathmnist', largestSize: 81 }]);
});

it('people are told of each set what they choose it by', () => {
  const entries = new Map(describePublished(publishedSets).map((entry) => [entry.name, entry]));
  expect(entries.get('dermamnist_64')).toEqual({
    name: 'dermamnist_64',
    title: 'DermaMNIST, 64 pixels',
    page: 'https://zenodo.org/records/10519652',
    licence: 'CC BY-NC 4.0',
    images: 10_015,
    imageSize: 64,
    channels: 3,
    downloadBytes: null,
    storedBytes: 10_015 * (64 * 64 * 3 + 1),
    largestSize: null,
    isShared: false,
  });
  expect(entries.get('emnist-byclass')).toMatchObject({
    images: 814_255,
    licence: null,
    isShared: true,
  });
  const tooLarge = [...entries.values()].filter(({ largestSize }) => largestSize !== null);
  expect(tooLarge.map(({ name }) => name)).toEqual([
    ...['pathmnist_128', 'pathmnist_224', 'octmnist_224', 'bloodmnist_224'],
    ...['tissuemnist_128', 'tissuemnist_224', 'organamnist_224'],
  ]);
});

it('names that are unknown, taken, or always the same are refused before anything is asked for', async () => {
  const { url, asked } = await serve({});
  const { library } = await openLibrary('pathmnist', medmnistLike(url));
  const unknown = await catchError(() => library.fetch({ name: 'pathmnst' }));
  expect(unknown).toMatchObject({ code: 'NOT_FOUND' });
  expect(unknown.remedy).toContain('pathmnist');
  await expectError(
    () => library.fetch({ name: 'mnist', resize: 64 }),
    'INVALID_ARGUMENT',
    'mnist',
  );
  const path = await makeFolder();
  await writeFiles(path, makeIdxFiles(6, 4));
  await library.import({ format: 'idx', path, name: 'pathmnist' });
  await expectError(() => library.fetch({ name: 'pathmnist' }), 'INVALID_ARGUMENT', path);
  expect(asked).toEqual([]);
});

it('all that is known to be published has an address and a checksum of its own', () => {
  const sums = new Map<string, string>();
  for (const { files, page } of publishedSets.values()) {
    expect(page).toMatch(/^https?:\/\//);
    for (const { url, md5, name } of files) {
      expect(new URL(url).pathname.split('/').at(-1)).toBe(name);
      expect(md5).toMatch(/^[0-9a-f]{32}$/);
      expect(sums.get(md5) ?? url).toBe(url);
      sums.set(md5, url);
    }
  }
  // Two, six of EMNIST, and ten of MedMNIST in four sizes.
  expect(publishedSets.size).toBe(48);
  expect([...publishedSets.keys()].filter((name) => /retina|chest/.test(name))).toEqual([]);
});

it('a folder of several files is read where a set has them', async () => {
  const files = Object.entries(makeIdxFiles(20, 20, 10)).map(
    ([name, bytes]) => [`${name}.gz`, gzipSync(bytes)] as const,
  );
  const { url } = await serve(Object.fromEntries(files));
  const listed = files.map(([name, bytes]) => ({
    ...{ name, url: url + name, md5: md5Of(bytes) },
    mostBytes: 10_000,
  }));
  const set = { ...facts, title: 'KMNIST', format: 'idx', page: url, files: listed } as const;
  const { library, folder } = await openLibrary('kmnist', set);
  await catchError(() => library.fetch({ name: 'kmnist' }));
  const { classNames } = await library.fetch({ name: 'kmnist' });
  expect(classNames.slice(0, 3)).toEqual(['o', 'ki', 'su']);
  expect(existsSync(join(folder, 'downloads', 'kmnist'))).toBe(false);
});
