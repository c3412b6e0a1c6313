import type { WebSocket } from 'ws';
import type { Handler } from '../router.ts';

/**
 * The longest message that a socket takes, in bytes; a longer one closes it. The longest that a page
 * sends are a piece of a bundle (2 MB) and a sweep of 1,000 runs.
 */
export const maxMessageBytes = 64 * 2 ** 20;

/**
 * Answers the calls that come through a WebSocket until it closes; then what it called for is
 * cancelled. Text crosses as text frames, binary as binary ones.
 */
export function serveSocket(handler: Handler, socket: WebSocket): void {
  // A stream waits until the socket has taken each event, so that a slow reader costs no memory. What
  // cannot be sent needs no answer: the socket is closing, which cancels the call.
  const send = (message: string | Uint8Array): Promise<void> =>
    new Promise((resolve) => {
      socket.send(message, () => {
        resolve();
      });
    });
  socket.binaryType = 'arraybuffer';
  // Without a listener an error would end the process; `close` follows and tells the handler.
  socket.on('error', () => undefined);
  void handler.upgrade({
    send: send as WebSocket['send'],
    addEventListener: socket.addEventListener.bind(socket),
  });
}
