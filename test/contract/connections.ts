import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MessageChannel } from 'node:worker_threads';
import { WebSocketServer } from 'ws';
import type { Handler } from '../../src/main/router.ts';
import { servePort } from '../../src/main/transports/messagePort.ts';
import { serveSocket } from '../../src/main/transports/webSocket.ts';
import { dialPort, dialSocket } from '../../src/renderer/api.ts';
import type { Dial } from '../../src/renderer/api.ts';

/** A way from a client to a handler that a test can watch and cut. */
export interface Exchange {
  dial: Dial;
  /** What has arrived at the client, as the transport delivered it. */
  arrived: unknown[];
  /** What the client has sent. */
  sent: unknown[];
  /** Cuts every open connection; clients may dial again. */
  cut: () => void;
  /** From now on another handler answers new connections. */
  serve: (handler: Handler) => void;
  close: () => void;
}

/** Once closed, dialling never ends: a client of a finished test stays quiet. */
const forever = (): Promise<never> => new Promise(() => undefined);

export function openPortExchange(first: Handler): Promise<Exchange> {
  let handler = first;
  let closed = false;
  const channels: MessageChannel[] = [];
  const arrived: unknown[] = [];
  const sent: unknown[] = [];
  const cut = (): void => {
    for (const { port1 } of channels.splice(0)) port1.close();
  };
  const dial: Dial = () => {
    if (closed) return forever();
    const channel = new MessageChannel();
    const { port1, port2 } = channel;
    channels.push(channel);
    // Electron hands messages over inside an event, Node as they are.
    servePort(handler, {
      postMessage: (message) => {
        port1.postMessage(message);
      },
      on: (event: string, listener: (event: { data: unknown }) => void) =>
        port1.on(event, (data: unknown) => {
          listener({ data });
        }),
      start: () => {
        port1.start();
      },
    });
    port2.on('message', (data) => arrived.push(data));
    port1.on('message', (data) => sent.push(data));
    return Promise.resolve(dialPort(port2 as unknown as MessagePort));
  };
  return Promise.resolve({
    dial,
    arrived,
    sent,
    cut,
    serve: (next) => (handler = next),
    close: () => {
      closed = true;
      cut();
    },
  });
}

export async function openSocketExchange(first: Handler): Promise<Exchange> {
  let handler = first;
  let closed = false;
  const arrived: unknown[] = [];
  const sent: unknown[] = [];
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    socket.on('message', (data, isBinary) =>
      sent.push(isBinary ? data : (data as Buffer).toString()),
    );
    serveSocket(handler, socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const cut = (): void => {
    for (const socket of sockets.clients) socket.terminate();
  };
  return {
    dial: () => {
      if (closed) return forever();
      const socket = new WebSocket(`ws://127.0.0.1:${port}`);
      socket.addEventListener('message', ({ data }) => arrived.push(data));
      return dialSocket(socket);
    },
    arrived,
    sent,
    cut,
    serve: (next) => (handler = next),
    close: () => {
      closed = true;
      cut();
      server.close();
    },
  };
}
