import { vi } from 'vitest';
import { runProgram } from '../../src/main/cli/program.ts';

/** Runs a command in this process. @returns what it wrote to stdout and stderr */
export async function runHere(...words: string[]): Promise<{ code: number; written: string }> {
  const written: string[] = [];
  const write = (text: unknown): boolean => written.push(String(text)) > 0;
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation(write),
  );
  try {
    return { code: await runProgram(words), written: written.join('') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
