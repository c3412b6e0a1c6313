import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { errorCodes } from '../../src/core/errors.ts';

const errorSchema = z.strictObject({
  code: z.enum(errorCodes),
  message: z.string(),
  remedy: z.string(),
});

/** Root of the project. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Result {
  /** Null where a signal ended the process. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Started {
  process: ChildProcess;
  /** Everything written to stderr until now. */
  stderr: () => string;
  /** Settles when the process has ended and all its output is read. */
  result: Promise<Result>;
}

/** Starts a script with the Node that runs the tests; none of its surroundings choose its folder. */
export function startScript(path: string, args: readonly string[]): Started {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_COMPILE_CACHE: join(tmpdir(), 'afterimage-test-cache'),
  };
  delete env['AFTERIMAGE_DATA_DIR'];
  const child = spawn(process.execPath, [path, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      output[name] += chunk;
    });
  }
  const { promise, resolve } = Promise.withResolvers<Result>();
  child.on('close', (code) => {
    resolve({ code, ...output });
  });
  return { process: child, stderr: () => output.stderr, result: promise };
}

/** Starts the command line in a process of its own. */
export const startCli = (dataDir: string, args: readonly string[]): Started =>
  startScript(join(root, 'src/main/cli.ts'), ['--data-dir', dataDir, ...args]);

/** Runs the command line to its end. */
export const runCli = (dataDir: string, ...args: string[]): Promise<Result> =>
  startCli(dataDir, args).result;

/** What a command that must succeed prints with `--json`: exactly one document, or this throws. */
export async function readJson(dataDir: string, ...args: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await runCli(dataDir, ...args, '--json');
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout);
}

/** The errors on stderr of a command with `--json`; throws where one is no such document. */
export const errorsAsJson = (stderr: string): z.infer<typeof errorSchema>[] =>
  stderr
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => z.strictObject({ error: errorSchema }).parse(JSON.parse(line)).error);

/** Whether a process has ended, as a question to be asked again and again. */
export function isOver({ result }: Started): () => boolean {
  let over = false;
  void result.then(() => {
    over = true;
  });
  return () => over;
}

/** Processes that a process has started, oldest first; none where it is gone. Linux only. */
export function childrenOf(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`;
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split(' ')
    .filter((word) => word !== '')
    .map(Number);
}

/** Settles when `condition` holds; throws after a minute. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
