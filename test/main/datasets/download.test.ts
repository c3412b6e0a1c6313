import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fetchFashionMnist } from '../../../src/main/datasets/builtin.ts';
import { downloadFile } from '../../../src/main/datasets/download.ts';
import type { Download } from '../../../src/main/datasets/download.ts';
import { catchError, expectError, makeFolder, writeFiles } from './builders.ts';

const body = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7) % 251));
const md5 = createHash('md5').update(body).digest('hex');

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A web server on this machine; its address ends in `/`. */
async function serve(handler: Handler): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Answers as a server that knows ranges, and notes the ranges asked for. */
function rangeHandler(ranges: (string | undefined)[]): Handler {
  return (request, response) => {
    const { range } = request.headers;
    ranges.push(range);
    const offset = Number(/^bytes=(\d+)-$/.exec(range ?? 'bytes=0-')?.[1]);
    if (offset >= body.length) {
      response.writeHead(416).end();
      return;
    }
    const rest = body.subarray(offset);
    response.writeHead(range ? 206 : 200, { 'content-length': rest.length }).end(rest);
  };
}

async function makeDownload(handler: Handler): Promise<Download & { folder: string }> {
  const folder = await makeFolder();
  const url = `${await serve(handler)}file.gz`;
  return {
    folder,
    url,
    path: join(folder, 'file.gz'),
    md5,
    mostBytes: 5000,
    offlineRemedy: 'Copy it by hand.',
  };
}

test('downloads, checks and names a file, and does so once', async () => {
  const ranges: (string | undefined)[] = [];
  const download = await makeDownload(rangeHandler(ranges));
  const seen: [number, number | null][] = [];
  await downloadFile(download, { onProgress: ({ done, total }) => seen.push([done, total]) });
  await downloadFile(download);
  expect(await readFile(download.path)).toEqual(body);
  expect(await readdir(download.folder)).toEqual(['file.gz']);
  expect(ranges).toEqual([undefined]);
  expect(seen.at(-1)).toEqual([5000, 5000]);
});

test('continues what an earlier attempt left', async () => {
  const ranges: (string | undefined)[] = [];
  const download = await makeDownload(rangeHandler(ranges));
  await writeFiles(download.folder, { 'file.gz.part': body.subarray(0, 1234) });
  const seen: [number, number | null][] = [];
  await downloadFile(download, { onProgress: ({ done, total }) => seen.push([done, total]) });
  expect(ranges).toEqual(['bytes=1234-']);
  expect(await readFile(download.path)).toEqual(body);
  expect(seen.at(-1)).toEqual([5000, 5000]);
  expect(seen[0]?.[0]).toBeGreaterThan(1234);
});

test('begins again where the server knows no ranges', async () => {
  const download = await makeDownload((_, response) => response.end(body));
  await writeFiles(download.folder, { 'file.gz.part': body.subarray(0, 1234) });
  await downloadFile(download);
  expect(await readFile(download.path)).toEqual(body);
});

test('a partial file that is whole only needs its name', async () => {
  const download = await makeDownload(rangeHandler([]));
  await writeFiles(download.folder, { 'file.gz.part': body });
  await downloadFile(download);
  expect(await readFile(download.path)).toEqual(body);
});

test('replaces a file that is not the one expected', async () => {
  const download = await makeDownload(rangeHandler([]));
  await writeFiles(download.folder, { 'file.gz': 'something else' });
  await downloadFile(download);
  expect(await readFile(download.path)).toEqual(body);
});

test('a wrong checksum is an error, and leaves nothing to continue', async () => {
  const download = await makeDownload((_, response) => response.end('a login page'));
  await expectError(() => downloadFile(download), 'CORRUPT_INPUT', download.url, md5);
  expect(await readdir(download.folder)).toEqual([]);
});

test('a connection that breaks keeps what has come, for the next attempt', async () => {
  let attempts = 0;
  const ranges: (string | undefined)[] = [];
  const answer = rangeHandler(ranges);
  const download = await makeDownload((request, response) => {
    attempts += 1;
    if (attempts > 1) {
      answer(request, response);
      return;
    }
    response.writeHead(200, { 'content-length': body.length });
    response.write(body.subarray(0, 3000), () => setTimeout(() => response.destroy(), 50));
  });
  const error = await catchError(() => downloadFile(download));
  expect(error).toMatchObject({ code: 'NO_NETWORK', remedy: 'Copy it by hand.' });
  expect(error.message).toContain('broke off');
  expect(await readdir(download.folder)).toEqual(['file.gz.part']);
  await downloadFile(download);
  expect(ranges).toEqual(['bytes=3000-']);
  expect(await readFile(download.path)).toEqual(body);
});

test('aborting rejects with the reason given and keeps what has come', async () => {
  const download = await makeDownload((_, response) => {
    response.writeHead(200, { 'content-length': body.length });
    response.write(body.subarray(0, 100));
  });
  const controller = new AbortController();
  const reason = new Error('enough');
  const onProgress = (): void => {
    controller.abort(reason);
  };
  const outcome = downloadFile(download, { signal: controller.signal, onProgress });
  await expect(outcome).rejects.toBe(reason);
  expect(await readdir(download.folder)).toEqual(['file.gz.part']);
});

test('an answer that is no success is NO_NETWORK', async () => {
  const download = await makeDownload((_, response) => response.writeHead(403).end('forbidden'));
  await expectError(() => downloadFile(download), 'NO_NETWORK', download.url, '403');
});

test('without a network, Fashion-MNIST names both ways to do without', async () => {
  const folder = await makeFolder();
  // Port 9 of this machine: nobody listens there.
  const baseUrl = 'http://127.0.0.1:9/';
  const error = await catchError(() => fetchFashionMnist(folder, { baseUrl }));
  expect(error.code).toBe('NO_NETWORK');
  expect(error.message).toContain(`${baseUrl}train-images-idx3-ubyte.gz`);
  expect(error.remedy).toContain('apt install dataset-fashion-mnist');
  expect(error.remedy).toContain('datasets import --format idx');
  for (const part of [
    'train-images-idx3',
    'train-labels-idx1',
    't10k-images-idx3',
    't10k-labels',
  ]) {
    expect(error.remedy).toContain(part);
  }
});

test('what a server passes off as Fashion-MNIST is refused', async () => {
  const folder = await makeFolder();
  const baseUrl = await serve((_, response) => response.end('a login page'));
  const error = await catchError(() => fetchFashionMnist(folder, { baseUrl }));
  expect(error.code).toBe('CORRUPT_INPUT');
  expect(error.message).toContain('8d4fb7e6c68d591d4c3dfef9ec88bf0d');
});

test('a server that does not end is not listened to for ever', async () => {
  const download = await makeDownload((_, response) => {
    const more = (): boolean => response.write(new Uint8Array(1000));
    const timer = setInterval(more, 1);
    response.on('close', () => {
      clearInterval(timer);
    });
  });
  await expectError(() => downloadFile(download), 'NO_NETWORK', download.url, 'more than 5000');
  expect(await readFile(`${download.path}.part`)).toHaveLength(0);
});
