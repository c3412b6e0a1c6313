import { AfterimageError } from '../../core/errors.ts';

/** The code of an error of the system or of SQLite; empty for any other. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error) || error instanceof AfterimageError) return '';
  const code: unknown = 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** What the system says of an error, without the path, which may be one that nobody chose. */
const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message.replace(/, \w+( '.*)?$/s, '') : String(error);

/** Turns an error of reading what the user named into one that says what to do. */
export function toReadError(error: unknown, path: string): unknown {
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new AfterimageError('NOT_FOUND', `There is no ${path}.`, 'Check the path.', error);
    case 'EISDIR':
      return new AfterimageError(
        'INVALID_ARGUMENT',
        `${path} is a folder where a file is expected.`,
        'Name the file itself, or choose the format of the folder.',
        error,
      );
    case 'EACCES':
    case 'EPERM':
      return new AfterimageError(
        'INVALID_ARGUMENT',
        `${path} may not be read by this user.`,
        'Change its permissions, or copy it to a place of your own.',
        error,
      );
    case 'ENAMETOOLONG':
    case 'ELOOP':
      return new AfterimageError(
        'INVALID_ARGUMENT',
        `${path} cannot be read: ${reasonOf(error)}.`,
        'Check the path.',
        error,
      );
    default:
      return error;
  }
}

/**
 * Why the system did not write: there is no `space`, it `refused` the place, or there can be no file
 * of that `name`.
 */
export type WriteRefusal = 'space' | 'refused' | 'name';

const refusals: Readonly<Record<string, WriteRefusal>> = {
  ENOSPC: 'space',
  EDQUOT: 'space',
  EACCES: 'refused',
  EPERM: 'refused',
  EROFS: 'refused',
  ENOTDIR: 'name',
  EEXIST: 'name',
};

/** Why an error of the system means that nothing can be written; undefined for any other error. */
export const findRefusal = (error: unknown): WriteRefusal | undefined => refusals[codeOf(error)];

/** There is no space left at `path`. */
export function diskFull(path: string, remedy: string, cause?: unknown): AfterimageError {
  return new AfterimageError(
    'DISK_FULL',
    `There is no space left to write ${path}.`,
    remedy,
    cause,
  );
}

/** What to do about a place that cannot be written. */
export interface WriteAdvice {
  space: string;
  refused: string;
}

/** For what lies in the data folder. */
export const dataFolderAdvice: WriteAdvice = {
  space: 'Free some space, or choose another data folder with --data-dir.',
  refused: 'Change the permissions of its folder, or choose another data folder with --data-dir.',
};

/** Turns an error of writing `path` into READ_ONLY or DISK_FULL; others stay. */
export function toWriteError(
  error: unknown,
  path: string,
  advice: WriteAdvice = dataFolderAdvice,
): unknown {
  const refusal = findRefusal(error);
  if (refusal === undefined) return error;
  if (refusal === 'space') return diskFull(path, advice.space, error);
  return new AfterimageError('READ_ONLY', `${path} cannot be written.`, advice.refused, error);
}

const outputAdvice: WriteAdvice = {
  space: 'Free some space, or choose another place.',
  refused: 'Give yourself write access to it and to its folder, or choose another place.',
};

const noFile = new Set(['ENOENT', 'ENOTDIR', 'EEXIST', 'EISDIR', 'ENAMETOOLONG', 'ELOOP']);

/**
 * Turns an error of writing a file that the user named: INVALID_ARGUMENT where no file can have that
 * name, else READ_ONLY or DISK_FULL.
 */
export function toOutputError(error: unknown, path: string): unknown {
  if (!noFile.has(codeOf(error))) return toWriteError(error, path, outputAdvice);
  return new AfterimageError(
    'INVALID_ARGUMENT',
    `${path} cannot be written: ${reasonOf(error)}.`,
    'Choose another place.',
    error,
  );
}
