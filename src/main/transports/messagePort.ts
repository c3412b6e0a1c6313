import type { Handler } from '../router.ts';
import { Calls, type Message } from './calls.ts';

/** What is used of Electron's MessagePortMain. */
export interface ServedPort {
  postMessage: (message: unknown) => void;
  on: ((event: 'message', listener: (event: { data: unknown }) => void) => unknown) &
    ((event: 'close', listener: () => void) => unknown);
  start: () => void;
}

/**
 * Answers the calls that come through a port until its other end closes; then what it called for is
 * cancelled. Text crosses as strings, binary as Uint8Array. A port does not tell what its other end has
 * taken, which is a page of this application; it is answered as few calls at a time as any.
 */
export function servePort(handler: Handler, port: ServedPort): void {
  const calls = new Calls(handler, {
    send: (message) => {
      port.postMessage(message);
    },
  });
  port.on('message', ({ data }) => {
    calls.receive(data as Message);
  });
  port.on('close', () => {
    calls.close();
  });
  port.start();
}
