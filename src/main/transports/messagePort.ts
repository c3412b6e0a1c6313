import type { Handler } from '../router.ts';

/** What is used of Electron's MessagePortMain. */
export interface ServedPort {
  postMessage: (message: unknown) => void;
  on: ((event: 'message', listener: (event: { data: unknown }) => void) => unknown) &
    ((event: 'close', listener: () => void) => unknown);
  start: () => void;
}

type Channel = Parameters<Handler['upgrade']>[0];

/**
 * Answers the calls that come through a port until its other end closes; then what it called for is
 * cancelled. Text crosses as strings, binary as Uint8Array.
 */
export function servePort(handler: Handler, port: ServedPort): void {
  const listen = (
    type: 'message' | 'close',
    listener: (event: { data: unknown }) => void,
  ): void => {
    if (type === 'message') port.on('message', listener);
    else port.on('close', listener as () => void);
  };
  void handler.upgrade({
    send: (message: unknown) => {
      port.postMessage(message);
    },
    addEventListener: listen as Channel['addEventListener'],
  });
  port.start();
}
