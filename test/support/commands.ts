import { join } from 'node:path';
import { format } from 'node:util';
import { vi } from 'vitest';
import { runProgram } from '../../src/main/cli/program.ts';
import type { Result } from './cli.ts';
import { writeDigits } from './digits.ts';

let isRunning = false;

/**
 * Runs the command line to its end within this process, which saves the half second of CPU that a start
 * takes. What ends with a process (locks, handles, signals, threads left over) is seen by `runCli` alone.
 */
export async function runHere(dataDir: string, ...args: string[]): Promise<Result> {
  if (isRunning) throw new Error('commands within one process write to the same stdout');
  isRunning = true;
  const output = { stdout: '', stderr: '' };
  const spies = [
    ...(['stdout', 'stderr'] as const).map((name) =>
      vi.spyOn(process[name], 'write').mockImplementation((text) => {
        output[name] += String(text);
        return true;
      }),
    ),
    // Vitest's console does not write to stderr.
    vi.spyOn(console, 'error').mockImplementation((...words: unknown[]) => {
      output.stderr += `${format(...words)}\n`;
    }),
  ];
  try {
    const code = await runProgram(['--data-dir', dataDir, ...args]);
    return { code, ...output };
  } finally {
    for (const spy of spies) spy.mockRestore();
    isRunning = false;
  }
}

/** What a command that must succeed prints with `--json`: exactly one document, or this throws. */
export async function readHere(dataDir: string, ...args: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await runHere(dataDir, ...args, '--json');
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout);
}

/** Imports a part of MNIST, named `digits`, into a data folder. */
export async function importDigits(dataDir: string, train = 600, test = 100): Promise<void> {
  const files = join(dataDir, 'files');
  await writeDigits(files, train, test);
  const arguments_ = ['datasets', 'import', '--format', 'idx', files, '--name', 'digits'];
  const { code, stderr } = await runHere(dataDir, ...arguments_);
  if (code !== 0) throw new Error(stderr);
}
