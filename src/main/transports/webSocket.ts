import type { WebSocket } from 'ws';
import type { Handler } from '../router.ts';
import { Calls } from './calls.ts';
import { Outbox, type Patience } from './outbox.ts';

/**
 * The longest message that a socket takes, in bytes; a longer one closes it. The longest that a page
 * sends are a piece of a bundle (2 MB) and a sweep of 1,000 runs.
 */
export const maxMessageBytes = 64 * 2 ** 20;

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/**
 * Answers the calls that come through a WebSocket until it closes; then what it called for is
 * cancelled. Text crosses as text frames, binary as binary ones. A page that does not take its answers
 * is not asked for more calls, and in the end closed.
 */
export function serveSocket(handler: Handler, socket: WebSocket, patience?: Patience): void {
  const outbox = new Outbox(
    (message, taken) => {
      // What cannot be sent needs no answer: the socket is closing, which cancels the call.
      socket.send(message, taken);
    },
    (bytes) => {
      console.error(
        `A page was cut off: it does not take its answers, ${megabytes(bytes)} of them.`,
      );
      socket.terminate();
    },
    patience,
  );
  const calls: Calls = new Calls(handler, {
    send: async (message) => {
      await outbox.send(message);
      calls.proceed();
    },
    // What is sent to a socket that closes is taken at once.
    isBehind: () => outbox.isBehind || socket.readyState !== socket.OPEN,
    read: (wanted) => {
      if (wanted) socket.resume();
      else socket.pause();
    },
  });
  // Without a listener an error would end the process; `close` follows and tells the handler.
  socket.on('error', () => undefined);
  socket.on('message', (data, isBinary) => {
    calls.receive(isBinary ? (data as Buffer) : (data as Buffer).toString());
  });
  socket.on('close', () => {
    outbox.close();
    calls.close();
  });
}
