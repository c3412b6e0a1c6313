import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { getEventMeta } from '@orpc/client';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket as NodeSocket, WebSocketServer } from 'ws';
import { EventLog } from '../../../src/main/eventLog.ts';
import { serveSocket } from '../../../src/main/transports/webSocket.ts';
import { createApi, dialSocket } from '../../../src/renderer/api.ts';
import { handlerOf } from '../../contract/workbenchDouble.ts';

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
