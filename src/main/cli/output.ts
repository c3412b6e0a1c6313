import { CommanderError } from 'commander';
import { AfterimageError, factsOf, type ErrorFacts } from '../../core/errors.ts';

/** Where a command writes: results to stdout, everything else to stderr. */
export interface Output {
  /** One JSON document, with `--json`. */
  json: (document: unknown) => void;
  text: (text: string) => void;
  note: (text: string) => void;
  /** Whether progress may be drawn on stderr. */
  interactive: boolean;
  /** Characters of a line where stdout is a terminal, else null: what is piped is not broken. */
  lineLength: number | null;
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
  lineLength: process.stdout.isTTY ? Math.max(40, process.stdout.columns) : null,
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

/** What an error says, in parts. */
function factsOfError(error: unknown): ErrorFacts {
  if (error instanceof AfterimageError) return factsOf(error);
  if (error instanceof CommanderError) {
    const message = toOneLine(error.message).replace(/^error: /, '');
    return { code: 'INVALID_ARGUMENT', message, remedy: 'See what --help says of the command.' };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'INTERNAL', message, remedy: 'Please report it.' };
}

/** The same for programs, in one line of JSON. */
export const describeErrorAsJson = (error: unknown): string =>
  JSON.stringify({ error: factsOfError(error) });

/** One line: what happened, to what, and what to do. */
export function describeError(error: unknown): string {
  if (error instanceof AfterimageError) return toOneLine(`error: ${error.message} ${error.remedy}`);
  if (error instanceof CommanderError) return toOneLine(error.message);
  return `error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

/** `1 h 05 min`, `3 min 20 s`, `12 s` */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${two(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}
