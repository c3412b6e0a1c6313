import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { machine } from '../../../src/main/engines/host.ts';
import type { InstallContext } from '../../../src/main/engines/progress.ts';
import { downloadTarball } from '../../../src/main/engines/tarball.ts';
import { catchError, makeFolder, sha256 } from './fakes.ts';

const body = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7) % 251));
const release = (url: string): { url: string; sha256: string } => ({ url, sha256: sha256(body) });

const quiet: InstallContext = {
  onProgress: () => undefined,
  onMessage: () => undefined,
  signal: undefined,
};

async function serve(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/lib.tar.gz`;
}

/** A server that knows ranges, and notes what it sent. */
function serveRanges(sent: number[]): Promise<string> {
  return serve((request, response) => {
    const offset = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1]);
    const rest = body.subarray(offset);
    sent.push(rest.length);
    if (rest.length === 0) response.writeHead(416).end();
    else response.writeHead(206, { 'content-length': rest.length }).end(rest);
  });
}

test('downloads, checks and names the file, and does so once', async () => {
  const sent: number[] = [];
  const url = await serveRanges(sent);
  const path = join(makeFolder(), 'lib.tar.gz');
  const seen: [number, number | null][] = [];
  const onProgress: InstallContext['onProgress'] = ({ done, total }) => seen.push([done, total]);
  await downloadTarball(machine, release(url), path, { ...quiet, onProgress });
  await downloadTarball(machine, release(url), path, quiet);
  expect(readFileSync(path)).toEqual(body);
  expect(sent).toEqual([5000]);
  expect(seen.at(-1)).toEqual([5000, 5000]);
});

test('continues what an interrupted download left', async () => {
  const sent: number[] = [];
  const url = await serveRanges(sent);
  const path = join(makeFolder(), 'lib.tar.gz');
  writeFileSync(`${path}.part`, body.subarray(0, 3000));
  await downloadTarball(machine, release(url), path, quiet);
  expect(sent).toEqual([2000]);
  expect(readFileSync(path)).toEqual(body);
});

test('a download that was whole but not named yet', async () => {
  const sent: number[] = [];
  const url = await serveRanges(sent);
  const path = join(makeFolder(), 'lib.tar.gz');
  writeFileSync(`${path}.part`, body);
  await downloadTarball(machine, release(url), path, quiet);
  expect(readFileSync(path)).toEqual(body);
});

test('starts anew where the server knows no ranges', async () => {
  const url = await serve((_, response) => response.end(body));
  const path = join(makeFolder(), 'lib.tar.gz');
  writeFileSync(`${path}.part`, 'something older');
  await downloadTarball(machine, release(url), path, quiet);
  expect(readFileSync(path)).toEqual(body);
});

test('keeps what came before the connection broke off', async () => {
  const url = await serve((_, response) => {
    response.writeHead(206, { 'content-length': body.length });
    response.write(body.subarray(0, 2500));
    setTimeout(() => response.destroy(), 200);
  });
  const folder = makeFolder();
  const path = join(folder, 'lib.tar.gz');
  const error = await catchError(downloadTarball(machine, release(url), path, quiet));
  expect(error.code).toBe('NO_NETWORK');
  expect(error.message).toContain('broke off');
  expect(readFileSync(`${path}.part`)).toEqual(body.subarray(0, 2500));
});

test('refuses another file than the pinned one, and forgets it', async () => {
  const url = await serve((_, response) => response.end('another file'));
  const folder = makeFolder();
  const path = join(folder, 'lib.tar.gz');
  const error = await catchError(downloadTarball(machine, release(url), path, quiet));
  expect(error.code).toBe('CORRUPT_INPUT');
  expect(readdirSync(folder)).toEqual([]);
});

test('names an answer that is no file, and a host that is not there', async () => {
  const url = await serve((_, response) => response.writeHead(403).end());
  const path = join(makeFolder(), 'lib.tar.gz');
  const refused = await catchError(downloadTarball(machine, release(url), path, quiet));
  expect([refused.code, refused.message]).toEqual(['NO_NETWORK', expect.stringContaining('403')]);
  const nowhere = release('http://127.0.0.1:1/lib.tar.gz');
  const offline = await catchError(downloadTarball(machine, nowhere, path, quiet));
  expect(offline.code).toBe('NO_NETWORK');
  expect(offline.remedy).toContain('--from');
});

test('does not listen for ever to a server that does not end', async () => {
  const url = await serve((_, response) => response.end(new Uint8Array(5000)));
  const path = join(makeFolder(), 'lib.tar.gz');
  const error = await catchError(downloadTarball(machine, release(url), path, quiet, 4000));
  expect([error.code, error.message]).toEqual(['NO_NETWORK', expect.stringContaining('4000')]);
  expect(readFileSync(`${path}.part`)).toHaveLength(0);
});
