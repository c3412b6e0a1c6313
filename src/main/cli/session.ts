import type { Command } from 'commander';
import { openWorkbench, type Workbench, type WorkbenchOptions } from '../workbench.ts';
import { chooseDataDir } from './dataDir.ts';
import { terminalOutput, type Output } from './output.ts';

/** Options that every command takes. */
export interface CommonOptions {
  dataDir?: string;
  json?: boolean;
}

export interface Session {
  workbench: Workbench;
  output: Output;
  dataDir: string;
  /** Whether one JSON document is wanted on stdout. */
  json: boolean;
}

/**
 * Opens the workbench for a command and closes it afterwards, whatever happens.
 *
 * @param training what the command says of trainers, where it trains
 */
export async function withSession<T>(
  command: Command,
  work: (session: Session) => T | Promise<T>,
  { jobs, threads }: Pick<WorkbenchOptions, 'jobs' | 'threads'> = {},
): Promise<T> {
  const options: CommonOptions = command.optsWithGlobals();
  const dataDir = chooseDataDir(options.dataDir);
  const workbench = await openWorkbench({ dataDir, jobs, threads });
  try {
    return await work({ workbench, output: terminalOutput, dataDir, json: options.json === true });
  } finally {
    await workbench.close();
  }
}
