import { constants, existsSync, statSync } from 'node:fs';
import { chmod, copyFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AfterimageError } from '../../../core/errors.ts';
import { toReadError } from '../../platform/errors.ts';
import { moveAside, moveIntoPlace } from '../../platform/files.ts';
import { makeFolder, privateFileMode, privateFolderMode } from '../../platform/folders.ts';
import type { LongTaskOptions } from '../../platform/longTask.ts';
import { nameUnfinished, removeAbandoned } from '../../platform/unfinished.ts';
import { historyPathIn, lockHistory } from '../database/dataFolder.ts';
import { toStoreError } from '../database/errors.ts';
import { removeDatabase, sideFiles, sideSuffixes } from '../files.ts';
import { isHistoryFile, isSameFile } from './backup.ts';
import { verifyInThread } from './verifyInThread.ts';

export interface Restored {
  /** Where the history lies that was there before; null if there was none. */
  replaced: string | null;
}

const unusable = (message: string, remedy: string): AfterimageError =>
  new AfterimageError('CONFLICT', message, remedy);

/** Refuses what is no backup, before anything is copied. */
function checkSource(backup: string, history: string): void {
  if (!existsSync(backup)) {
    throw new AfterimageError(
      'NOT_FOUND',
      `There is no ${backup}.`,
      'Name the file that "backup" wrote; a run comes back from the bin with "runs restore".',
    );
  }
  if (isSameFile(backup, history)) {
    throw unusable(`${backup} is the history that it would replace.`, 'Name a backup of it.');
  }
  if (!statSync(backup).isFile() || !isHistoryFile(backup)) {
    throw new AfterimageError(
      'CORRUPT_INPUT',
      `${backup} is not a backup of a history.`,
      'Name the file that "backup" wrote.',
    );
  }
  const [log] = sideFiles(backup).filter((path) => (statSync(path, quiet)?.size ?? 0) > 0);
  if (log === undefined) return;
  throw unusable(
    `${backup} is or was in use as a history: ${log} belongs to it.`,
    'Make a backup of that one first, with --data-dir and its folder, and restore that.',
  );
}

const quiet = { throwIfNoEntry: false } as const;

/** Checks the copy to its last byte, and brings it up to this version's schema. */
async function checkCopy(
  copy: string,
  backup: string,
  appVersion: string,
  options: LongTaskOptions,
): Promise<void> {
  const file = { path: copy, name: backup, appVersion, kind: 'single' as const };
  const [problem] = await verifyInThread(file, options);
  if (problem === undefined) return;
  throw new AfterimageError(
    'CORRUPT_INPUT',
    `${backup} is damaged: ${problem}. Nothing was changed.`,
    'Restore another backup.',
  );
}

/** `history-replaced-2026-01-02T03-04-05-678Z.sqlite` */
const nameReplaced = (dataDir: string): string =>
  join(dataDir, `history-replaced-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.sqlite`);

/**
 * The history first: where this is cut off, its log is without it, which every opening refuses, and
 * never the other way round.
 */
function putAside(history: string, replaced: string): boolean {
  const parts = ['', ...sideSuffixes].filter((suffix) => existsSync(history + suffix));
  for (const suffix of parts) moveAside(history + suffix, replaced + suffix);
  return parts.length > 0;
}

/**
 * Puts a backup in the place of a data folder's history, which stays beside it under another name.
 * LOCKED while a process has the history open, CORRUPT_INPUT where the backup is none or is damaged;
 * then nothing is changed.
 */
export async function restoreBackup(
  path: string,
  { dataDir: folder, appVersion }: { dataDir: string; appVersion: string },
  options: LongTaskOptions = {},
): Promise<Restored> {
  const [backup, dataDir, history] = [resolve(path), resolve(folder), historyPathIn(folder)];
  checkSource(backup, history);
  prepare(dataDir);
  const lock = lockHistory(dataDir, 'exclusive');
  if (lock === null) {
    throw new AfterimageError(
      'LOCKED',
      `The history in ${dataDir} is open in another Afterimage process.`,
      'Close the window, the server and what trains there, then try again.',
    );
  }
  const copy = nameUnfinished(dataDir);
  try {
    await removeAbandoned(dataDir);
    options.onProgress?.({ step: 'Copying the backup', done: 0, total: null });
    await copyBackup(backup, copy, history);
    await checkCopy(copy, backup, appVersion, options);
    const replaced = nameReplaced(dataDir);
    const wasThere = putAside(history, replaced);
    await moveIntoPlace(copy, history);
    return { replaced: wasThere ? replaced : null };
  } finally {
    await removeDatabase(copy);
    lock.release();
  }
}

function prepare(dataDir: string): void {
  try {
    makeFolder(dataDir, privateFolderMode);
  } catch (error) {
    throw toStoreError(error, dataDir);
  }
}

async function copyBackup(backup: string, copy: string, history: string): Promise<void> {
  try {
    await copyFile(backup, copy, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await chmod(copy, privateFileMode);
  } catch (error) {
    throw toStoreError(toReadError(error, backup), history);
  }
}
