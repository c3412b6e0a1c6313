import Database from 'better-sqlite3';
import { AfterimageError, type ErrorCode } from '../../../core/errors.ts';
import { codeOf, findRefusal, type WriteRefusal } from '../../platform/errors.ts';

interface Explanation {
  code: ErrorCode;
  says: (path: string) => string;
  remedy: string;
}

const diskFull: Explanation = {
  code: 'DISK_FULL',
  says: (path) => `The disk that holds ${path} is full; nothing already stored is lost.`,
  remedy:
    'Free some space, then try again: "runs delete" and "runs purge" give that of runs back, "runs thin" that of weights and checkpoints.',
};
const readOnly: Explanation = {
  code: 'READ_ONLY',
  says: (path) => `${path} cannot be written.`,
  remedy: 'Give yourself write access to it and to its folder, or choose another place.',
};
const locked: Explanation = {
  code: 'LOCKED',
  says: (path) => `Another process kept ${path} locked for more than 5 s.`,
  remedy: 'Try again; if it stays locked, end the other Afterimage process.',
};
const corrupt: Explanation = {
  code: 'CORRUPT_HISTORY',
  says: (path) => `${path} is damaged or is not an Afterimage history.`,
  remedy: 'Put a backup in its place with "restore", or choose another folder with --data-dir.',
};
const noMemory: Explanation = {
  code: 'OUT_OF_MEMORY',
  says: (path) => `There was not enough memory to use ${path}.`,
  remedy: 'Close other programs or train fewer runs side by side.',
};
const failingDisk: Explanation = {
  code: 'INTERNAL',
  says: (path) => `The disk failed to read or write ${path}.`,
  remedy: 'Check the disk and its connection, run the integrity check, and restore a backup.',
};
const notAFolder: Explanation = {
  code: 'INVALID_ARGUMENT',
  says: (path) => `${path} cannot be reached: a part of the path is a file, not a folder.`,
  remedy: 'Choose another path.',
};

const noSuchPlace: Explanation = {
  code: 'INVALID_ARGUMENT',
  says: (path) => `${path} cannot be made: the folder that it would lie in is none, or is gone.`,
  remedy: 'Choose another path.',
};
const noName: Explanation = {
  code: 'INVALID_ARGUMENT',
  says: (path) => `${path} cannot be reached: its name is too long, or its links lead in a circle.`,
  remedy: 'Choose another path.',
};

/** By the beginning of SQLite's code or the whole of the system's; the first that fits counts. */
const explanations: readonly (readonly [RegExp, Explanation])[] = [
  [/^(SQLITE_FULL|SQLITE_IOERR_SHMSIZE)/, diskFull],
  [/^(SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM)/, readOnly],
  [/^(SQLITE_BUSY|SQLITE_LOCKED)/, locked],
  [/^(SQLITE_CORRUPT|SQLITE_NOTADB)/, corrupt],
  [/^(SQLITE_NOMEM|SQLITE_IOERR_NOMEM)/, noMemory],
  [/^(SQLITE_IOERR|EIO$)/, failingDisk],
  [/^(ENAMETOOLONG|ELOOP)$/, noName],
  [/^(ENOENT|ENODEV|ENXIO)$/, noSuchPlace],
];

const refusals: Readonly<Record<WriteRefusal, Explanation>> = {
  space: diskFull,
  refused: readOnly,
  name: notAFolder,
};

function explain(error: unknown): Explanation | undefined {
  const refusal = findRefusal(error);
  if (refusal !== undefined) return refusals[refusal];
  const code = codeOf(error);
  return explanations.find(([pattern]) => pattern.test(code))?.[1];
}

/** Turns an error of SQLite or of the file system into one that says what to do; others stay. */
export function toStoreError(error: unknown, path: string): unknown {
  const found = explain(error);
  if (found === undefined) return error;
  return new AfterimageError(found.code, found.says(path), found.remedy, error);
}

/** Whether an insertion broke a UNIQUE or PRIMARY KEY constraint. */
export function isDuplicate(error: unknown): boolean {
  return (
    error instanceof Database.SqliteError &&
    (error.code === 'SQLITE_CONSTRAINT_UNIQUE' || error.code === 'SQLITE_CONSTRAINT_PRIMARYKEY')
  );
}

/** The file at `path` cannot be a history. */
export function notAHistory(path: string): AfterimageError {
  return new AfterimageError(corrupt.code, corrupt.says(path), corrupt.remedy);
}

/** The history at `path` may be read only. */
export const notWritable = (path: string): AfterimageError =>
  new AfterimageError(readOnly.code, readOnly.says(path), readOnly.remedy);

/** There is no space to write the history at `path`. */
export const noSpace = (path: string): AfterimageError =>
  new AfterimageError(diskFull.code, diskFull.says(path), diskFull.remedy);

/** The history holds something that it cannot have been given. */
export function damaged(what: string): AfterimageError {
  return new AfterimageError('CORRUPT_HISTORY', `The history is damaged: ${what}.`, corrupt.remedy);
}
