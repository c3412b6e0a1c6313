/** The workbench's server as `npm start` starts it, with a probe in it. */
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createApi, dialSocket } from '../../src/renderer/api.ts';
import type { Api } from '../../src/renderer/api.ts';
import WebSocket from 'ws';
import { startWorkbenchServer } from '../../test/support/workbenchServer.ts';
import type { WorkbenchServer } from '../../test/support/workbenchServer.ts';
import { maxMessageBytes } from '../../src/main/transports/webSocket.ts';
import type { LoopReport } from './probe.ts';

export interface MeasuredServer extends WorkbenchServer {
  /** What its event loop was like since the last call. */
  probe: () => Promise<LoopReport>;
  /** A client of its own, beside any page's. */
  client: Api['client'];
}

const probePath = fileURLToPath(new URL('probe.ts', import.meta.url));

/** The session that the address with the token gives. */
async function openSession(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'manual' });
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

export async function startMeasuredServer(
  dataDir: string,
  environment: Record<string, string> = {},
): Promise<MeasuredServer> {
  const server = await startWorkbenchServer(dataDir, {
    nodeArguments: ['--import', probePath, ...(process.env['BENCH_NODE_ARGS']?.split(' ') ?? [])],
    environment,
  });
  const { origin, host } = new URL(server.url);
  const headers = { cookie: await openSession(server.url), origin };
  const options = { headers, maxPayload: maxMessageBytes };
  let ended = false;
  const { client } = createApi(() => {
    if (ended) return new Promise(() => undefined);
    const socket = new WebSocket(`ws://${host}`, options);
    // The close that follows tells the client.
    socket.on('error', () => undefined);
    // The browser's interface is all that is used of it.
    return dialSocket(socket as unknown as globalThis.WebSocket);
  });
  await client.engines.status({});
  const probe = async (): Promise<LoopReport> => {
    server.child.send('probe');
    const [report] = (await once(server.child, 'message')) as [LoopReport];
    return report;
  };
  await probe();
  const end = (how: 'stop' | 'kill') => (): Promise<void> => {
    ended = true;
    return server[how]();
  };
  return { ...server, client, probe, stop: end('stop'), kill: end('kill') };
}
