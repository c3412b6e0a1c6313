import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { AfterimageError } from '../../../core/errors.ts';
import { followLinks, publish } from '../../platform/files.ts';
import type { LongTaskOptions } from '../../platform/longTask.ts';
import { nameUnfinished, removeAbandoned } from '../../platform/unfinished.ts';
import { Connection } from '../database/connection.ts';
import { toStoreError } from '../database/errors.ts';
import { applicationId } from '../database/migrate.ts';
import {
  checkFolder,
  makePrivateFile,
  readBeginning,
  removeDatabase,
  sideFiles,
} from '../files.ts';

/** Where SQLite keeps the application id in a database file: 4 bytes, big-endian. */
const applicationIdOffset = 68;
/** And whether it is written through a log: 1 not, 2 so. A history in use is, a backup is not. */
const writeVersionOffset = 18;

type Content = 'nothing' | 'backup' | 'history' | 'another';

function readContent(path: string): Content {
  const header = readBeginning(path, 100);
  if (header === null) return 'nothing';
  if (header.length < 100) return 'another';
  const id = new DataView(header.buffer).getUint32(applicationIdOffset);
  if (id !== applicationId) return 'another';
  return header[writeVersionOffset] === 1 ? 'backup' : 'history';
}

/** Whether a file at `path` is a history, in use or not, or a backup of one. */
export const isHistoryFile = (path: string): boolean =>
  ['backup', 'history'].includes(readContent(path));

/** Whether two paths lead to the same file, however they are written. */
export function isSameFile(path: string, other: string): boolean {
  const [a, b] = [path, other].map((each) => statSync(each, { throwIfNoEntry: false }));
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

/**
 * An earlier backup may be replaced, any other file may not: least of all a history, be its process
 * alive, killed or ended. This history's own file is not even opened, which would end its locks.
 */
function checkTarget(connection: Connection, target: string): void {
  if (isSameFile(connection.path, target)) {
    throw refusal(`${target} is the history itself.`);
  }
  const [side] = sideFiles(target).filter((path) => existsSync(path));
  if (side !== undefined) {
    throw refusal(`${target} is or was in use as a history: ${side} belongs to it.`);
  }
  const content = readContent(target);
  if (content === 'another') throw refusal(`${target} is there already and is not a backup.`);
  if (content !== 'history') return;
  throw refusal(`${target} is a history, or a backup from an earlier version.`);
}

const refusal = (message: string): AfterimageError =>
  new AfterimageError(
    'CONFLICT',
    message,
    'Choose another name for the backup; to put a backup in the place of a history, use "restore".',
  );

/** One plain file without a log, which opens in places that cannot be written, too. */
function finish(path: string): void {
  const connection = new Connection(path);
  connection.exec('PRAGMA journal_mode = DELETE');
  connection.close();
}

/**
 * Copies the history, as it is when the copy ends, to `path`; runs may go on meanwhile. The file
 * appears under its name only when it is whole; a link stays and leads to it.
 */
export async function backupHistory(
  connection: Connection,
  path: string,
  { onProgress, signal }: LongTaskOptions = {},
): Promise<void> {
  try {
    const target = await followLinks(path);
    checkFolder(target);
    checkTarget(connection, target);
    const folder = dirname(target);
    await removeAbandoned(folder);
    const unfinished = nameUnfinished(folder);
    try {
      makePrivateFile(unfinished);
      await connection.copyTo(unfinished, ({ done, total }) => {
        signal?.throwIfAborted();
        onProgress?.({ step: 'Copying pages', done, total });
      });
      finish(unfinished);
      await publish(unfinished, target);
    } finally {
      await removeDatabase(unfinished);
    }
  } catch (error) {
    throw toStoreError(error, path);
  }
}
