import { dirname, resolve } from 'node:path';
import { AfterimageError } from '../../../core/errors.ts';
import { publish } from '../../platform/files.ts';
import type { LongTaskOptions } from '../../platform/longTask.ts';
import { nameUnfinished, removeAbandoned } from '../../platform/unfinished.ts';
import type { Connection } from '../database/connection.ts';
import { toStoreError } from '../database/errors.ts';
import { checkFolder, readBeginning, removeDatabase } from '../files.ts';
import { applicationId } from '../database/migrate.ts';

/** Where SQLite keeps the application id in a database file: 4 bytes, big-endian. */
const applicationIdOffset = 68;

/** An earlier backup may be replaced, any other file may not. */
function checkTarget(connection: Connection, path: string): void {
  const header = readBeginning(path, 100);
  const isHistory =
    header?.length === 100 &&
    new DataView(header.buffer).getUint32(applicationIdOffset) === applicationId;
  if (resolve(connection.path) !== resolve(path) && (header === null || isHistory)) return;
  throw new AfterimageError(
    'CONFLICT',
    `${path} is there already and is not a backup.`,
    'Choose another name for the backup.',
  );
}

/**
 * Copies the history, as it is when the copy ends, to `path`; runs may go on meanwhile. The file
 * appears under its name only when it is whole.
 */
export async function backupHistory(
  connection: Connection,
  path: string,
  { onProgress, signal }: LongTaskOptions = {},
): Promise<void> {
  checkFolder(path);
  checkTarget(connection, path);
  const folder = dirname(path);
  const unfinished = nameUnfinished(folder);
  try {
    await removeAbandoned(folder);
    await connection.copyTo(unfinished, ({ done, total }) => {
      signal?.throwIfAborted();
      onProgress?.({ step: 'Copying pages', done, total });
    });
    await publish(unfinished, path);
  } catch (error) {
    throw toStoreError(error, path);
  } finally {
    await removeDatabase(unfinished);
  }
}
