import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

export interface CommandOptions {
  /** Added to this process's environment. */
  env?: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** The command is killed after this time; none by default. */
  timeoutMs?: number;
}

export interface CommandResult {
  /** Null where the command was not found, or ended by a signal. */
  code: number | null;
  /** Signal that ended the command. */
  signal: string | null;
  stdout: string;
  stderr: string;
  notFound: boolean;
  timedOut: boolean;
}

/** The machine that an engine is installed on; tests give another one. */
export interface Host {
  platform: NodeJS.Platform;
  arch: string;
  /** Runs a program without a shell. Rejects only if `signal` is aborted. */
  run: (
    command: string,
    args: readonly string[],
    options?: CommandOptions,
  ) => Promise<CommandResult>;
  fetch: typeof fetch;
  /** Folder of an installed npm package; null if it is not installed. */
  findPackage: (name: string) => string | null;
  /** Text of /etc/os-release; empty where there is none. */
  osRelease: () => Promise<string>;
}

/** Keeps the end of a talkative program's output. */
const outputLimit = 4_000_000;

function run(
  command: string,
  args: readonly string[],
  { env = {}, signal, timeoutMs }: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        output[name] = (output[name] + text).slice(-outputLimit);
      });
    }
    const state = { notFound: false, timedOut: false };
    const kill = (): void => {
      child.kill('SIGKILL');
    };
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            state.timedOut = true;
            kill();
          }, timeoutMs);
    signal?.addEventListener('abort', kill, { once: true });
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'EACCES') state.notFound = true;
      else output.stderr += error.message;
    });
    child.on('close', (code, endSignal) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', kill);
      if (signal?.aborted === true) reject(signal.reason as Error);
      else resolve({ code: state.notFound ? null : code, signal: endSignal, ...output, ...state });
    });
  });
}

/** This machine. */
export const machine: Host = {
  platform: process.platform,
  arch: process.arch,
  run,
  fetch,
  findPackage(name) {
    try {
      const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
      // A compiler cannot read inside a packaged application's archive; its sources lie beside it.
      return folder.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked');
    } catch {
      return null;
    }
  },
  async osRelease() {
    try {
      return await readFile('/etc/os-release', 'utf8');
    } catch {
      return '';
    }
  },
};
