import { fileURLToPath } from 'node:url';
import { AfterimageError } from '../core/errors.ts';
import { OpeningPage } from './openingPage.ts';
import { takeAll } from './platform/takeAll.ts';
import { serveWorkbench } from './serve.ts';
import type { ServedWorkbench, ServeOptions } from './serve.ts';
import { version } from './version.ts';
import { openWorkbench } from './workbench.ts';

/** Taken where no port is asked for and it is free, so that a tunnel's command stays the same. */
const usualPort = 4610;

export const builtRenderer = fileURLToPath(new URL('../../out/renderer', import.meta.url));

export interface LoopbackHostOptions {
  dataDir: string;
  /** Trainers side by side; chosen by the engine where it is undefined. */
  jobs?: number | undefined;
  /** Undefined takes the usual port, or any where that is taken. */
  port: number | undefined;
  /** Where the built renderer lies. */
  rendererDir?: string;
  /** Called with an address that opens the workbench once, and again when that has been used. */
  ready: (url: string) => void;
  /** Shows the user a page, which leads to the workbench; `path` is a file that nobody else can read. */
  show?: (path: string) => void;
  /** Ends the host: what trains is paused. */
  signal: AbortSignal;
}

/** Opens the workbench and serves it on loopback until `signal` aborts. */
export async function runLoopbackHost(options: LoopbackHostOptions): Promise<void> {
  const { dataDir, jobs, port, rendererDir = builtRenderer, signal } = options;
  const workbench = await openWorkbench({ dataDir, jobs });
  try {
    workbench.training.submitWaiting();
    const served = await serveOn(port, { api: workbench.api, rendererDir, version });
    const opening = new OpeningPage();
    try {
      const print = (): void => {
        options.ready(served.issueAddress(print));
      };
      print();
      if (options.show) options.show(await opening.write(served));
      await untilAborted(signal);
    } finally {
      await takeAll([() => served.close(), () => opening.remove()]);
    }
  } finally {
    await workbench.close();
  }
}

async function serveOn(
  port: number | undefined,
  options: Omit<ServeOptions, 'port'>,
): Promise<ServedWorkbench> {
  try {
    return await serveWorkbench({ ...options, port: port ?? usualPort });
  } catch (error) {
    const taken = error instanceof AfterimageError && error.code === 'CONFLICT';
    if (port !== undefined || !taken) throw error;
    return serveWorkbench({ ...options, port: 0 });
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener('abort', () => {
        resolve();
      });
  });
}

/** Aborts at the first interrupt or end that the terminal or system asks for; a second one kills. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      controller.abort();
    });
  }
  return controller.signal;
}
