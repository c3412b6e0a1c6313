import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** `npm start` without a display: the workbench on loopback, in a process of its own. */
export interface WorkbenchServer {
  /** The first address, with its token, which opens the workbench once. */
  url: string;
  /** The newest address, when one is printed that this has not given yet. */
  nextAddress: () => Promise<string>;
  pid: number;
  child: ChildProcess;
  /** Asks it to end, which pauses what trains. */
  stop: () => Promise<void>;
  /** Ends it as the system would: without a word. */
  kill: () => Promise<void>;
}

const script = join(import.meta.dirname, '../../scripts/start.ts');

export interface ServerOptions {
  nodeArguments?: readonly string[];
  environment?: Record<string, string>;
  /** 0 takes any that is free. */
  port?: number;
}

/** Serves a data folder; settles when the address is known. */
export async function startWorkbenchServer(
  dataDir: string,
  { nodeArguments = [], environment = {}, port = 0 }: ServerOptions = {},
): Promise<WorkbenchServer> {
  const command = [...nodeArguments, script, '--data-dir', dataDir, '--port', String(port)];
  const served = spawn(process.execPath, command, {
    // No display, so that it serves even where Electron is there.
    env: { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '', ...environment },
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  let text = '';
  let given = 0;
  const findAddress = (): string | null => {
    const found = [...text.matchAll(/(http:\/\/127\.0\.0\.1:\S+)\s/g)].map(([, url = '']) => url);
    if (found.length <= given) return null;
    given = found.length;
    return found.at(-1) ?? null;
  };
  served.stderr?.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const nextAddress = async (): Promise<string> => {
    for (;;) {
      const address = findAddress();
      if (address !== null) return address;
      if (served.exitCode !== null) throw new Error(`The server ended: ${text}`);
      await delay(20);
    }
  };
  const url = await nextAddress();
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (served.exitCode !== null || served.signalCode !== null) return;
    served.kill(signal);
    await once(served, 'exit');
  };
  return {
    url,
    nextAddress,
    pid: served.pid ?? 0,
    child: served,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}
