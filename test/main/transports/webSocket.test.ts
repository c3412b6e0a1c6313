import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { EventEmitter, once } from 'node:events';
import { getEventMeta } from '@orpc/client';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket as NodeSocket, WebSocketServer } from 'ws';
import { EventLog } from '../../../src/main/eventLog.ts';
import { createHandler, type Handler, type WorkbenchApi } from '../../../src/main/router.ts';
import type { Patience } from '../../../src/main/transports/outbox.ts';
import { serveSocket } from '../../../src/main/transports/webSocket.ts';
import { createApi, dialSocket } from '../../../src/renderer/api.ts';
import { EndlessCall, handlerOf } from '../../contract/workbenchDouble.ts';

/** Bytes of one answer: what 10,000 maps of 7 x 7 take with all that is stored beside them. */
const answerBytes = 2 ** 20;
/** 16 at once, and more only while less than 8 MiB wait. */
const mostBegun = 24;

/** A served socket, and a client whose connection the test can stop reading. */
async function serveMaps(patience?: Patience) {
  const counts = { begun: 0, cancelled: 0 };
  const epoch: WorkbenchApi['examples']['epoch'] = (_, { signal }) => {
    counts.begun += 1;
    signal?.addEventListener('abort', () => (counts.cancelled += 1));
    return Promise.resolve(new Blob([new Uint8Array(answerBytes).fill(counts.begun)]));
  };
  const handler = createHandler({ examples: { epoch } } as unknown as WorkbenchApi);
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  const connected = Promise.withResolvers<NodeSocket>();
  sockets.on('connection', (socket) => {
    connected.resolve(socket);
    serveSocket(handler, socket, patience);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const connection = connect(port, '127.0.0.1');
  const client = new NodeSocket(`ws://127.0.0.1:${port}`, { createConnection: () => connection });
  onTestFinished(() => {
    client.terminate();
    sockets.close();
    server.close();
  });
  await once(client, 'open');
  return { client, connection, counts, served: await connected.promise };
}

const callFor = (id: number): string =>
  JSON.stringify({
    i: String(id),
    p: { u: '/examples/epoch', b: { json: { runId: 'r', epoch: 0 } } },
  });

describe('a socket that asks and does not read', () => {
  it('makes no more answers than a few, however much is asked', async () => {
    const { client, connection, counts, served } = await serveMaps();
    connection.pause();
    for (let id = 0; id < 300; id += 1) client.send(callFor(id));
    let most = 0;
    for (let turn = 0; turn < 100; turn += 1) {
      most = Math.max(most, served.bufferedAmount);
      await delay(10);
    }
    expect(counts.begun).toBeGreaterThan(0);
    expect(counts.begun).toBeLessThanOrEqual(mostBegun);
    expect(most).toBeGreaterThan(answerBytes);
    expect(most).toBeLessThan((mostBegun + 1) * answerBytes);

    // Once it reads, it gets all that it has asked for, each answer once.
    const answered: string[] = [];
    client.on('message', (data) => {
      const [, id = ''] = /^\{"i":"(\d+)"/.exec((data as Buffer).toString('latin1', 0, 20)) ?? [];
      answered.push(id);
    });
    connection.resume();
    await vi.waitFor(
      () => {
        expect(answered).toHaveLength(300);
      },
      { timeout: 30_000, interval: 100 },
    );
    expect(new Set(answered).size).toBe(300);
  });

  it('is cut off in the end, which is said in one line', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    onTestFinished(() => log.mockRestore());
    const { client, connection, counts, served } = await serveMaps({
      leastMs: 300,
      leastRate: 2 ** 30,
    });
    connection.pause();
    for (let id = 0; id < 300; id += 1) client.send(callFor(id));
    await once(served, 'close');
    await delay(100);
    expect(counts.begun).toBeLessThanOrEqual(mostBegun);
    expect(log.mock.calls).toEqual([
      [
        expect.stringMatching(
          /^A page was cut off: it does not take its answers, \d+\.\d MB of them\.$/,
        ),
      ],
    ]);
  });

  it('and cancels what it waits for, has it neither begun nor answered', async () => {
    const { client, connection, counts } = await serveMaps();
    connection.pause();
    for (let id = 0; id < 100; id += 1) client.send(callFor(id));
    await vi.waitUntil(() => counts.begun > 0);
    await delay(100);
    for (let id = 0; id < 100; id += 1) client.send(JSON.stringify({ i: String(id), t: 4 }));
    await delay(200);
    connection.resume();
    const { begun } = counts;
    client.send(callFor(100));
    await vi.waitUntil(() => counts.begun === begun + 1);
    await delay(100);
    expect(counts.begun).toBe(begun + 1);
    expect(begun).toBeLessThanOrEqual(mostBegun);
  });
});

describe('a socket whose reader is slow', () => {
  it('keeps no more events than the log, and tells the reader what it missed', async () => {
    const log = new EventLog(8);
    const handler = handlerOf({ events: (_, options) => log.read(options) });
    const server = createServer();
    const sockets = new WebSocketServer({ server });
    let served: NodeSocket | undefined;
    sockets.on('connection', (socket) => {
      served = socket;
      serveSocket(handler, socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const connection = connect(port, '127.0.0.1');
    const client = new NodeSocket(`ws://127.0.0.1:${port}`, {
      createConnection: () => connection,
    });
    const { client: api } = createApi(() => dialSocket(client as unknown as WebSocket));
    const events = await api.events({});
    log.publish({ type: 'purged', runId: 'first' });
    expect(getEventMeta((await events.next()).value)?.id).toBeDefined();

    connection.pause();
    // 200 events of 0.5 MB, of which the kernel's buffers hold a few.
    const runIds = Array.from({ length: 8_000 }, (_, index) => `${index}`.padStart(63, 'x'));
    const large = { type: 'queue', runIds } as const;
    for (let index = 0; index < 200; index += 1) {
      log.publish(large);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(served?.bufferedAmount).toBeLessThan(8 * 1024 * 1024);
    connection.resume();
    const types: string[] = [];
    while (types.at(-1) !== 'reset') {
      const { value } = await events.next();
      types.push((value as { type: string }).type);
    }
    expect(types.length).toBeLessThan(100);
    log.publish({ type: 'datasets' });
    await vi.waitFor(async () => {
      expect((await events.next()).value).toEqual({ type: 'datasets' });
    });

    client.terminate();
    await once(client, 'close');
    server.close();
    sockets.close();
  });
});

/** A socket whose other side says and takes what the test says. */
function serveFake(handler: Handler, patience?: Patience) {
  const sent: (string | Uint8Array)[] = [];
  const taken: (() => void)[] = [];
  const [resume, pause, terminate] = [vi.fn(), vi.fn(), vi.fn()];
  const socket = Object.assign(new EventEmitter(), {
    ...{ OPEN: 1, readyState: 1, resume, pause, terminate },
    send: (message: string | Uint8Array, done: () => void) => {
      sent.push(message);
      taken.push(done);
    },
  });
  serveSocket(handler, socket as unknown as NodeSocket, patience);
  const say = (message: string): void => {
    socket.emit('message', Buffer.from(message), false);
  };
  return { socket, sent, taken, resume, pause, terminate, say };
}

const callTo = (id: number, path: string, input: unknown = {}): string =>
  JSON.stringify({ i: String(id), p: { u: path, b: { json: input } } });

describe('a socket', () => {
  it('that closes or fails cancels its calls and is not cut off for what it did not take', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    onTestFinished(() => log.mockRestore());
    const list = new EndlessCall();
    const handler = handlerOf({
      datasets: { list: () => Promise.resolve([]) },
      filters: { list: (_, options) => list.run(options) },
    });
    const { socket, sent, terminate, say } = serveFake(handler, { leastMs: 250, leastRate: 1e9 });
    for (const [id, path] of ['/datasets/list', '/filters/list'].entries()) say(callTo(id, path));
    await list.begun;
    await vi.waitUntil(() => sent.length > 0, { interval: 5 });
    socket.emit('error', new Error('read ECONNRESET'));
    socket.emit('close');
    await list.cancelled;
    await delay(300);
    expect(terminate).not.toHaveBeenCalled();
    expect(log).not.toHaveBeenCalled();
  });

  it('that takes nothing is told of with how much waits for it, in MB', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    onTestFinished(() => log.mockRestore());
    const answer = new Blob([new Uint8Array(1_250_000)]);
    const handler = handlerOf({ examples: { epoch: () => Promise.resolve(answer) } });
    const { terminate, say } = serveFake(handler, { leastMs: 1, leastRate: 1e9 });
    say(callFor(1));
    await vi.waitUntil(() => terminate.mock.calls.length === 1);
    expect(log.mock.calls).toEqual([
      ['A page was cut off: it does not take its answers, 1.3 MB of them.'],
    ]);
  });

  it('is read no further while 256 of its calls wait, and again once one is begun', async () => {
    const begun: (() => void)[] = [];
    const list = () =>
      new Promise<never[]>((resolve) => {
        begun.push(() => {
          resolve([]);
        });
      });
    const { resume, pause, taken, say } = serveFake(handlerOf({ filters: { list } }));
    for (let id = 0; id < 16 + 255; id += 1) say(callTo(id, '/filters/list'));
    expect(pause).not.toHaveBeenCalled();
    resume.mockClear();
    say(callTo(271, '/filters/list'));
    expect([pause, resume].map(({ mock }) => mock.calls.length)).toEqual([1, 0]);
    await vi.waitUntil(() => begun.length === 16);
    begun[0]?.();
    await vi.waitUntil(() => taken.length === 1);
    expect(resume).not.toHaveBeenCalled();
    taken[0]?.();
    await vi.waitUntil(() => begun.length === 17);
    await vi.waitUntil(() => resume.mock.calls.length === 1);
    expect(pause.mock.invocationCallOrder.at(-1)).toBeLessThan(
      resume.mock.invocationCallOrder.at(-1) ?? 0,
    );
  });

  it('whose stream is behind has its next call begun when it has taken that, and none when it is closing', async () => {
    const log = new EventLog();
    const list = vi.fn(() => Promise.resolve([]));
    const handler = handlerOf({ events: (_, options) => log.read(options), filters: { list } });
    const { socket, sent, taken, say } = serveFake(handler);
    say(callTo(1, '/events'));
    await vi.waitUntil(() => sent.length > 0);
    log.publish({ type: 'queue', runIds: Array.from({ length: 2 ** 17 }, () => 'x'.repeat(63)) });
    const takeAll = (): void => {
      for (const take of taken.splice(0)) take();
    };
    await vi.waitUntil(() => {
      const isLarge = (sent.at(-1)?.length ?? 0) > 2 ** 23;
      if (!isLarge) takeAll();
      return isLarge;
    });
    say(callTo(2, '/filters/list'));
    await delay(20);
    expect(list).not.toHaveBeenCalled();
    takeAll();
    await vi.waitUntil(() => list.mock.calls.length === 1);
    socket.readyState = 2;
    say(callTo(3, '/filters/list'));
    await delay(20);
    expect(list).toHaveBeenCalledTimes(1);
    socket.emit('close');
  });
});
