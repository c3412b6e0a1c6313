import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { zipSync } from 'fflate';
import { expect, it, onTestFinished } from 'vitest';
import type { DatasetContent } from '../../../src/core/formats/datasetFile.ts';
import type { LongTaskProgress } from '../../../src/shared/longTask.ts';
import { DatasetLibrary } from '../../../src/main/datasets/library.ts';
import type { PublishedSet } from '../../../src/main/datasets/published.ts';
import {
  buildDatasetsApi,
  DatasetCache,
  selectImages,
} from '../../../src/main/workbench/datasetsApi.ts';
import { catchError, makeFolder, makeNpy } from '../datasets/builders.ts';
import { openTestHistory } from '../store/fixtures.ts';

const pixels = Uint8Array.from({ length: 8 * 900 }, (_, i) => (i * 37) % 251);
const npz = zipSync({
  'x_train.npy': makeNpy('|u1', [6, 30, 30], pixels.subarray(0, 5400)),
  'y_train.npy': makeNpy('|u1', [6], Uint8Array.of(0, 1, 0, 1, 0, 1)),
  'x_test.npy': makeNpy('|u1', [2, 30, 30], pixels.subarray(5400)),
  'y_test.npy': makeNpy('|u1', [2], Uint8Array.of(0, 1)),
});

/** Sends the file, or its first half and then nothing more until the request is given up. */
function answer(range: string | undefined, isSlow: boolean, response: ServerResponse): void {
  const offset = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  response.writeHead(offset > 0 ? 206 : 200, { 'content-length': npz.length - offset });
  if (isSlow) response.write(npz.subarray(0, npz.length / 2));
  else response.end(npz.subarray(offset));
}

/** The calls of a workbench that knows one published set, at a server on this machine. */
async function open({ slow = 0 } = {}) {
  const ranges: string[] = [];
  const server = createServer(({ headers }, response) => {
    ranges.push(headers.range ?? '');
    answer(headers.range, ranges.length <= slow, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(stop);
  const file = {
    name: 'tiny.npz',
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tiny.npz`,
    md5: createHash('md5').update(npz).digest('hex'),
    mostBytes: 100_000,
  };
  const set: PublishedSet = {
    ...{ title: 'Tiny', format: 'npz', page: 'https://example.org/tiny', licence: 'CC BY 4.0' },
    ...{ images: 8, imageSize: 30, channels: 1, downloadBytes: npz.length, files: [file] },
  };
  const published = new Map([['tiny', set]]);
  const { datasets: index } = openTestHistory();
  const library = new DatasetLibrary(await makeFolder(), index, { published });
  const told: string[] = [];
  const cache = new DatasetCache(library);
  const list = () => Promise.resolve(index.list());
  const publish = ({ type }: { type: string }) => void told.push(type);
  return { calls: buildDatasetsApi({ library, cache, list, publish }), told, ranges, stop };
}
type Calls = Awaited<ReturnType<typeof open>>['calls'];

/** What a fetch tells on its way, and what comes of it. */
async function follow(calls: Calls, signal?: AbortSignal, tell?: (at: LongTaskProgress) => void) {
  const steps = await calls.fetch({ name: 'tiny', resize: 16 }, signal ? { signal } : {});
  for (;;) {
    const step = await steps.next();
    if (step.done === true) return step.value;
    tell?.(step.value);
  }
}

it('what can be fetched is listed with what it needs, and fetched with its progress', async () => {
  const { calls, told } = await open();
  const [entry] = await calls.published({}, {});
  expect(entry).toMatchObject({ name: 'tiny', licence: 'CC BY 4.0', images: 8 });
  expect(entry).toMatchObject({ downloadBytes: npz.length, storedBytes: 8 * 901 });
  const steps: LongTaskProgress[] = [];
  const record = await follow(calls, undefined, (at) => steps.push(at));
  expect(record).toMatchObject({ name: 'tiny', imageSize: 16, trainCounts: [3, 3] });
  const last = steps.filter(({ step }) => step === 'downloading tiny.npz').at(-1);
  expect(last).toMatchObject({ done: npz.length, total: npz.length });
  expect(told).toEqual(['datasets']);
  expect(await calls.list({}, {})).toEqual([record]);
});

it('a fetch that is cancelled stops, and the next one goes on where it was', async () => {
  const { calls, told, ranges } = await open({ slow: 1 });
  const controller = new AbortController();
  const half = Math.floor(npz.length / 2);
  const cancelled = follow(calls, controller.signal, ({ done }) => {
    if (done >= half) controller.abort();
  });
  await expect(cancelled).rejects.toThrow();
  expect(told).toEqual([]);
  expect(await follow(calls)).toMatchObject({ name: 'tiny' });
  expect(ranges).toEqual(['', `bytes=${half}-`]);
});

it('without a network the error says both ways to come by the set', async () => {
  const { calls, stop } = await open();
  stop();
  const error = await catchError(() => follow(calls));
  expect(error).toMatchObject({ code: 'NO_NETWORK' });
  expect(error.message).toContain('ECONNREFUSED');
  expect(error.remedy).toContain('try again where there is a network');
  expect(error.remedy).toContain('download tiny.npz elsewhere (https://example.org/tiny)');
  expect(error.remedy).toContain('"datasets import --format npz PATH --name tiny" or under Data');
});

it('images are chosen with their labels and masks, in the order asked for', () => {
  const split = {
    images: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9),
    labels: Uint8Array.of(0, 1, 2),
    masks: Uint8Array.of(0, 1, 1),
  };
  const content: DatasetContent = {
    ...{ imageSize: 1, classNames: ['a', 'b', 'c'], train: split, test: split },
    ...{ channels: 3, mean: 0, standardDeviation: 1 },
  };
  const chosen = selectImages(content, 'test', [2, 0]);
  expect(chosen).toEqual({
    images: Uint8Array.of(7, 8, 9, 1, 2, 3),
    labels: Uint8Array.of(2, 0),
    masks: Uint8Array.of(1, 0),
  });
});

it('reads ~ in a path as the home of whoever runs it', async () => {
  const { calls } = await open();
  const request = { format: 'npz', path: '~/no such folder/x.npz', resize: null } as const;
  const told = await catchError(() => Promise.resolve(calls.preview(request, {})));
  expect(told.message).toContain(join(homedir(), 'no such folder'));
  const named = { ...request, path: '/~/no such folder/x.npz' };
  const kept = await catchError(() => Promise.resolve(calls.preview(named, {})));
  expect(await calls.look({ path: '~' }, {})).toMatchObject({ path: homedir(), isFolder: true });
  expect(kept.message).not.toContain(homedir());
});
