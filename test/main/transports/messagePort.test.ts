import { MessageChannel } from 'node:worker_threads';
import { expect, it, onTestFinished } from 'vitest';
import { servePort } from '../../../src/main/transports/messagePort.ts';
import { createApi, dialPort } from '../../../src/renderer/api.ts';
import { handlerOf } from '../../contract/workbenchDouble.ts';

it('answers on a port that delivers nothing until it is started, as Electron’s do', async () => {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => {
    port1.close();
  });
  const waiting: (() => void)[] = [];
  servePort(handlerOf({ filters: { list: () => Promise.resolve([]) } }), {
    postMessage: (message) => {
      port1.postMessage(message);
    },
    on: (event: string, listener: (event: { data: unknown }) => void) =>
      waiting.push(() => {
        port1.on(event, (data: unknown) => {
          listener({ data });
        });
      }),
    start: () => {
      for (const listen of waiting) listen();
    },
  });
  const { client } = createApi(() => Promise.resolve(dialPort(port2 as unknown as MessagePort)));
  expect(await client.filters.list({})).toEqual([]);
});
