import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket as NodeSocket } from 'ws';
import type { WorkbenchApi } from '../../src/main/router.ts';
import { serveWorkbench } from '../../src/main/serve.ts';
import type { ServedWorkbench } from '../../src/main/serve.ts';
import { createApi, dialSocket } from '../../src/renderer/api.ts';
import { gather, inOnePiece } from '../support/pieces.ts';

const list = vi.fn<WorkbenchApi['runs']['list']>(() => inOnePiece([]));
const api = { runs: { list } } as unknown as WorkbenchApi;
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
  "font-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'";

let directory: string;
let served: ServedWorkbench;
let port: number;
let token: string;
let host: string;
/** A token that nobody has used. */
const fresh = (): string => new URL(served.issueAddress()).searchParams.get('token') ?? '';
let cookie: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'afterimage-serve-'));
  const rendererDir = join(directory, 'renderer');
  mkdirSync(join(rendererDir, 'assets'), { recursive: true });
  writeFileSync(join(rendererDir, 'index.html'), '<!doctype html><title>Afterimage</title>');
  writeFileSync(join(rendererDir, 'assets', 'main-3f2a.js'), 'export const answer = 42;');
  writeFileSync(join(rendererDir, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(directory, 'secret.txt'), 'not for the browser');
  served = await serveWorkbench({ api, port: 0, rendererDir, version: '1.2.3' });
  const url = new URL(served.issueAddress());
  port = Number(url.port);
  host = url.host;
  token = url.searchParams.get('token') ?? '';
  const first = await ask({ path: `/?token=${token}` });
  cookie = first.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
});

afterAll(async () => {
  await served.close();
  rmSync(directory, { recursive: true });
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Sends exactly these headers, as a browser's fetch would not let a page do. */
function ask(options: {
  path?: string;
  method?: string;
  headers?: OutgoingHttpHeaders;
  body?: string;
}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { path = '/', method = 'GET', headers = {}, body } = options;
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** The status that a WebSocket handshake with these headers is answered with: 101 if it succeeds. */
async function shakeHands(headers: Record<string, string>): Promise<number> {
  const socket = new NodeSocket(`ws://127.0.0.1:${port}/`, { headers });
  socket.on('error', () => undefined);
  const opened = once(socket, 'open').then(() => 101);
  const refused = once(socket, 'unexpected-response').then(
    (parts) => (parts[1] as { statusCode: number }).statusCode,
  );
  const status = await Promise.race([opened, refused]);
  socket.terminate();
  return status;
}

const own = (): Record<string, string> => ({ origin: `http://${host}`, cookie });

describe('the first address', () => {
  it('is on the loopback interface and cannot be guessed', () => {
    expect(served.issueAddress()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/);
  });

  it('sets the cookie and leads to an address without the token', async () => {
    const { status, headers } = await ask({ path: `/runs/r1?epoch=3&token=${fresh()}` });
    expect(status).toBe(303);
    expect(headers.location).toBe('/runs/r1?epoch=3');
    const [name, ...attributes] = headers['set-cookie']?.[0]?.split('; ') ?? [];
    expect(name).toMatch(new RegExp(`^afterimage-${port}=[\\w-]{43}$`));
    expect(name).not.toContain(token);
    expect(attributes.sort()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Strict']);
  });

  it('works as a link on another site, whose redirect would lack the cookie', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' };
    const answer = await ask({ path: `/data?token=${fresh()}`, headers });
    expect(answer.status).toBe(200);
    expect(answer.headers.refresh).toBe('0; url=/data');
    expect(answer.headers['set-cookie']).toHaveLength(1);
  });

  it('never leads to another host', async () => {
    const { headers } = await ask({ path: `/.//evil.example/?token=${fresh()}` });
    expect(headers.location).toBe('/evil.example/');
  });

  it('opens once: later it leads in who has the cookie, and nobody else', async () => {
    const used = vi.fn();
    const path = new URL(served.issueAddress(used)).search;
    expect((await ask({ path: `/${path}`, method: 'HEAD' })).headers['set-cookie']).toBeUndefined();
    expect(used).not.toHaveBeenCalled();
    const { headers } = await ask({ path: `/${path}` });
    const given = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    expect(used).toHaveBeenCalledTimes(1);
    const again = await ask({ path: `/${path}` });
    expect(again.status).toBe(403);
    expect(again.headers['set-cookie']).toBeUndefined();
    expect((await ask({ path: `/${path}`, headers: { cookie: given } })).status).toBe(303);
    expect((await ask({ headers: { cookie: given } })).status).toBe(200);
    expect(used).toHaveBeenCalledTimes(1);
  });

  it('is refused with another token, even beside a good cookie', async () => {
    const wrong = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    for (const headers of [{}, { cookie }]) {
      const answer = await ask({ path: `/?token=${wrong}`, headers });
      expect(answer.status).toBe(403);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
  });
});

describe('pages', () => {
  it('are refused without the cookie or with a wrong one, saying where the address is', async () => {
    const wrong = [{}, { cookie: `afterimage-${port}=guess` }, { cookie: `afterimage-1=${token}` }];
    for (const headers of wrong) {
      const { status, body } = await ask({ headers });
      expect(status).toBe(403);
      expect(body).toContain('Afterimage 1.2.3');
      expect(body).toContain('terminal');
      expect(body).not.toContain(token);
    }
    expect((await ask({ path: '/assets/main-3f2a.js' })).status).toBe(403);
  });

  it('come with their type and how long they may be kept', async () => {
    const page = await ask({ headers: { cookie } });
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['cache-control']).toBe('no-cache');
    const script = await ask({ path: '/assets/main-3f2a.js', headers: { cookie } });
    expect(script.body).toBe('export const answer = 42;');
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(script.headers['cache-control']).toContain('immutable');
    const again = { cookie, 'if-none-match': page.headers.etag };
    expect(await ask({ headers: again })).toMatchObject({ status: 304, body: '' });
    expect(await ask({ method: 'HEAD', headers: { cookie } })).toMatchObject({
      status: 200,
      body: '',
    });
  });

  it('answer every view with the one page, and a missing file with 404', async () => {
    const view = await ask({ path: '/runs/r1/examples?epoch=2', headers: { cookie } });
    expect(view.body).toContain('<title>Afterimage</title>');
    expect((await ask({ path: '/assets/old-0000.js', headers: { cookie } })).status).toBe(404);
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//127.0.0.1/../secret.txt',
    'http://127.0.0.1/../secret.txt',
  ])('never reach beyond the renderer: %s', async (path) => {
    const { status, body } = await ask({ path, headers: { cookie } });
    expect(status).toBe(404);
    expect(body).not.toContain('not for the browser');
  });

  it('carry the same headers, whatever the answer', async () => {
    const answers = [
      await ask({ headers: { cookie } }),
      await ask({ path: `/?token=${fresh()}` }),
      await ask({}),
      await ask({ path: '/none.js', headers: { cookie } }),
      await ask({ method: 'POST', headers: own() }),
      await ask({ headers: { host: 'evil.example' } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 303, 403, 404, 405, 403]);
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'content-security-policy': policy,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });
});

describe('requests from elsewhere', () => {
  it.each([
    'evil.example',
    'evil.example:80',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '10.0.0.7',
  ])('are refused for their Host alone: %j', async (foreign) => {
    // The session under every name that a server might look for it, so that only the Host is wrong.
    const session = cookie.slice(cookie.indexOf('=') + 1);
    const names = [port, Number(foreign.split(':')[1] ?? 80)];
    const known = names.map((name) => `afterimage-${name}=${session}`).join('; ');
    const asked = await ask({ headers: { host: foreign, cookie: known } });
    expect(asked.status).toBe(403);
    expect(asked.body).toContain('Host');
    expect((await ask({ headers: { cookie: known } })).status).toBe(200);
    const rebound = { host: foreign, origin: `http://${foreign}`, cookie: known };
    expect(await shakeHands(rebound)).toBe(403);
  });

  it('are refused for their Origin', async () => {
    const origins = [
      'http://evil.example',
      `http://localhost:${port}`,
      `http://127.0.0.1:${port + 1}`,
      `https://${host}`,
      'null',
    ];
    for (const origin of origins) {
      expect((await ask({ headers: { origin, cookie } })).status).toBe(403);
      expect(await shakeHands({ origin, cookie })).toBe(403);
    }
    expect(await shakeHands({ cookie })).toBe(403);
    expect((await ask({ method: 'POST', headers: { cookie } })).status).toBe(403);
  });

  it('are refused where another local server’s page asks for a file', async () => {
    const headers = { cookie, 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'image' };
    expect((await ask({ path: '/icon.svg', headers })).status).toBe(403);
    const opening = { ...headers, 'sec-fetch-dest': 'document' };
    expect((await ask({ headers: opening })).status).toBe(200);
  });

  it('do not pass the socket without the cookie', async () => {
    const origin = `http://${host}`;
    expect(await shakeHands({ origin })).toBe(403);
    expect(await shakeHands({ origin, cookie: `afterimage-${port}=${token}` })).toBe(403);
    expect(await shakeHands(own())).toBe(101);
  });

  it('come through a tunnel from another port and by another loopback name', async () => {
    for (const tunnel of ['localhost:9001', '127.0.0.1:9002', '[::1]:9003']) {
      const first = await ask({ path: `/?token=${fresh()}`, headers: { host: tunnel } });
      const tunnelCookie = first.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
      expect(tunnelCookie).toMatch(new RegExp(`^afterimage-${tunnel.slice(-4)}=`));
      const headers = { host: tunnel, origin: `http://${tunnel}`, cookie: tunnelCookie };
      expect((await ask({ headers })).status).toBe(200);
      expect(await shakeHands(headers)).toBe(101);
    }
  });

  it('carry no body', async () => {
    for (const headers of [
      { cookie, 'content-length': '5' },
      { cookie, 'transfer-encoding': 'chunked' },
    ]) {
      const answer = await ask({ headers, body: 'hello' });
      expect(answer).toMatchObject({ status: 413, headers: { connection: 'close' } });
    }
  });
});

describe('the socket', () => {
  const dial = (): ReturnType<typeof dialSocket> =>
    dialSocket(
      new NodeSocket(`ws://127.0.0.1:${port}`, { headers: own() }) as unknown as WebSocket,
    );

  it('answers two tabs at once', async () => {
    const tabs = [createApi(dial), createApi(dial)];
    const answers = await Promise.all(tabs.map(({ client }) => gather(client.runs.list({}))));
    expect(answers).toEqual([[], []]);
  });

  it('refuses a bad payload with its code', async () => {
    list.mockClear();
    const wrong = { deleted: 'yes' } as unknown as { deleted: boolean };
    await expect(createApi(dial).client.runs.list(wrong)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('deleted') as string,
    });
    expect(list).not.toHaveBeenCalled();
  });

  it('takes no path of an engine: a library is code', async () => {
    const input = { gpu: null, from: '/tmp/library.whl' } as { gpu: null };
    const install = createApi(dial).client.engines.install(input);
    await expect(install).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('from') as string,
    });
  });

  it.each([
    'not json',
    '[]',
    '{"i":1}',
    '{"i":"1","p":{"u":"/runs/list","b":{"json":1,"meta":[[3,"a"]]}}}',
  ])('survives what is no message: %s', async (message) => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const socket = new NodeSocket(`ws://127.0.0.1:${port}`, { headers: own() });
    await once(socket, 'open');
    socket.send(message);
    socket.send(new Uint8Array([1, 255, 3]));
    expect(await gather(createApi(dial).client.runs.list({}))).toEqual([]);
    socket.terminate();
    log.mockRestore();
  });

  it('takes no more connections than anyone has tabs', async () => {
    const settled: Promise<unknown>[] = [];
    const sockets = Array.from({ length: 64 }, () => {
      const socket = new NodeSocket(`ws://127.0.0.1:${port}`, { headers: own() });
      const { promise, resolve } = Promise.withResolvers<undefined>();
      for (const event of ['open', 'error'])
        socket.on(event, () => {
          resolve(undefined);
        });
      settled.push(promise);
      return socket;
    });
    await Promise.all(settled);
    expect(await shakeHands(own())).toBe(503);
    for (const socket of sockets) socket.terminate();
    await vi.waitFor(async () => {
      expect(await shakeHands(own())).toBe(101);
    });
  });

  it('says in one line that messages are malformed, however many there are', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const socket = new NodeSocket(`ws://127.0.0.1:${port}`, { headers: own() });
    await once(socket, 'open');
    for (let k = 0; k < 200; k += 1) socket.send(`not json\n${k}`);
    expect(await gather(createApi(dial).client.runs.list({}))).toEqual([]);
    socket.terminate();
    const lines = log.mock.calls.map((parts) => parts.join(' '));
    log.mockRestore();
    // The others of this file come before, within the time of one line.
    expect(lines.length).toBeLessThanOrEqual(1);
    for (const line of lines) expect(line).toMatch(/^A message could not be answered: "[^\n]*"$/);
  });

  /** A connection on which a message of so many bytes was announced, none of them sent yet. */
  async function announce(bytes: bigint) {
    // A binary frame's head: final, masked, with a 64-bit length.
    const head = Buffer.alloc(14);
    head.writeUInt8(0x82, 0);
    head.writeUInt8(0x80 | 127, 1);
    head.writeBigUInt64BE(bytes, 2);
    const connection = connect(port, '127.0.0.1');
    const lines = [
      'GET / HTTP/1.1',
      `Host: ${host}`,
      `Origin: http://${host}`,
      `Cookie: ${cookie}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==',
    ];
    connection.write(`${lines.join('\r\n')}\r\n\r\n`);
    expect(String((await once(connection, 'data'))[0])).toContain('101 Switching Protocols');
    const said: Buffer[] = [];
    connection.on('data', (piece: Buffer) => said.push(piece));
    connection.write(head);
    return { connection, said };
  }

  it('closes on a message over 64 MiB as soon as its length is known', async () => {
    const longest = await announce(64n * 1024n * 1024n);
    const longer = await announce(64n * 1024n * 1024n + 1n);
    const closing = await vi.waitUntil(() => longer.said[0]);
    // A close frame (0x88) with code 1009, message too big.
    expect([closing.readUInt8(0), closing.readUInt16BE(2)]).toEqual([0x88, 1009]);
    expect(longest.said).toEqual([]);
    for (const { connection } of [longest, longer]) connection.destroy();
  });
});

describe('starting', () => {
  it('says that a port is taken', async () => {
    const options = { api, port, rendererDir: join(directory, 'renderer'), version: '1' };
    await expect(serveWorkbench(options)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: `Port ${port} cannot be used: taken.`,
    });
  });

  it('says that the renderer is not built', async () => {
    const options = { api, port: 0, rendererDir: join(directory, 'none'), version: '1' };
    await expect(serveWorkbench(options)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      remedy: expect.stringContaining('npm run build:renderer') as string,
    });
  });

  it('gives each start keys of its own, and frees the port at its end', async () => {
    const options = { api, port: 0, rendererDir: join(directory, 'renderer'), version: '1' };
    const first = await serveWorkbench(options);
    await first.close();
    const second = await serveWorkbench({ ...options, port: first.port });
    expect(second.issueAddress()).not.toBe(first.issueAddress());
    await second.close();
  });
});
