import { CommanderError } from 'commander';
import { paradigmOf, type Paradigm } from '../../core/config/objectives.ts';
import { AfterimageError } from '../../core/errors.ts';
import type { RunSummary } from '../../core/records.ts';

/** Where a command writes: results to stdout, everything else to stderr. */
export interface Output {
  /** One JSON document, with `--json`. */
  json: (document: unknown) => void;
  text: (text: string) => void;
  note: (text: string) => void;
  /** Whether progress may be drawn on stderr. */
  interactive: boolean;
}

const line = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);

export const terminalOutput: Output = {
  json: (document) => {
    process.stdout.write(`${JSON.stringify(document)}\n`);
  },
  text: (text) => {
    process.stdout.write(line(text));
  },
  note: (text) => {
    process.stderr.write(line(text));
  },
  interactive: process.stderr.isTTY,
};

/** Runs were paused by a signal, as asked: not a failure, and not done either. */
export class Paused extends Error {
  /** What shells give a command that Ctrl-C ended. */
  readonly exitCode = 130;
}

/** Exit codes: unusable arguments are 2, all other failures 1. */
export const exitCodeOf = (error: unknown): number =>
  error instanceof AfterimageError && error.code === 'INVALID_ARGUMENT' ? 2 : 1;

const toOneLine = (text: string): string => text.trim().replace(/\s*\n\s*/g, ' ');

/** One line: what happened, to what, and what to do. */
export function describeError(error: unknown): string {
  if (error instanceof AfterimageError) return toOneLine(`error: ${error.message} ${error.remedy}`);
  if (error instanceof CommanderError) return toOneLine(error.message);
  return `error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

/** A run as a JSON document has it: what its objective is called stands beside its configuration. */
export const withParadigm = <T extends Pick<RunSummary, 'config'>>(
  run: T,
): T & { paradigm: Paradigm } => ({ ...run, paradigm: paradigmOf(run.config) });

/** `1 h 05 min`, `3 min 20 s`, `12 s` */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${two(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}
