import { spawn } from 'node:child_process';

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

/** Keeps the end of a talkative program's output. */
const outputLimit = 4_000_000;

/** Runs a program without a shell. Rejects only if `signal` is aborted. */
export function runCommand(
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
