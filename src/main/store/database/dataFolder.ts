import { accessSync, constants, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AfterimageError } from '../../../core/errors.ts';
import { makeFolder, privateFolderMode } from '../../platform/folders.ts';
import { giveBackReserve, keepReserve, restoreReserve } from '../../platform/reserve.ts';
import type { Connection } from './connection.ts';
import { noSpace, toStoreError } from './errors.ts';
import { FileLock, OwnerLocks, type LockKind } from './locks.ts';
import { openDatabase, openForReading } from './openDatabase.ts';

export const historyFileName = 'history.sqlite';

export const historyPathIn = (dataDir: string): string => join(resolve(dataDir), historyFileName);
const locksIn = (dataDir: string): string => join(resolve(dataDir), 'locks');

/** How long whoever opens or replaces a history waits for the other, ms. */
const patienceMs = 5000;

/**
 * Says that the history is in use: all who have it open share this lock, whoever replaces it has it
 * alone. Null where others have it otherwise.
 */
export function lockHistory(dataDir: string, kind: LockKind): FileLock | null {
  const folder = locksIn(dataDir);
  try {
    makeFolder(folder, privateFolderMode);
  } catch (error) {
    throw toStoreError(error, folder);
  }
  return FileLock.take({ path: join(folder, 'history'), kind, patienceMs });
}

const isDiskFull = (error: unknown): boolean =>
  error instanceof AfterimageError && error.code === 'DISK_FULL';

/** A data folder's history while a process has it open. */
export class DataFolder {
  readonly path: string;
  readonly connection: Connection;
  readonly owners: OwnerLocks;
  readonly #presence: FileLock | null;
  #reserveIsOut: boolean;

  /** @param isFull whether it took the space that is kept back to open it */
  constructor(path: string, connection: Connection, presence: FileLock | null, isFull = false) {
    this.path = path;
    this.connection = connection;
    this.owners = new OwnerLocks(locksIn(path));
    this.#presence = presence;
    this.#reserveIsOut = isFull;
  }

  /** Keeps some space back where there is plenty. */
  keepReserve(): void {
    if (this.connection.access === 'write' && !this.#reserveIsOut) keepReserve(this.path);
  }

  /** Frees the space that was kept back, until this folder is closed. @returns whether there was any */
  giveBackReserve(): boolean {
    const given = giveBackReserve(this.path);
    this.#reserveIsOut ||= given;
    return given;
  }

  /** Whether there is no more space than what was kept back for making room. */
  get isFull(): boolean {
    return this.#reserveIsOut;
  }

  /** Runs work that makes room; where there is none for it, again with the space that is kept back. */
  makeRoom<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!isDiskFull(error) || !this.giveBackReserve()) throw error;
      return work();
    }
  }

  /** DISK_FULL where only work that makes room shall be done. */
  checkRoom(): void {
    if (this.isFull) throw noSpace(this.connection.path);
  }

  close(): void {
    this.connection.close();
    this.owners.close();
    this.#presence?.release();
    if (this.#reserveIsOut) restoreReserve(this.path);
  }
}

/** Makes the folder if need be; READ_ONLY unless it and the history in it can be written. */
function prepareFolder(dataDir: string): void {
  const path = historyPathIn(dataDir);
  try {
    makeFolder(dataDir, privateFolderMode);
    accessSync(dataDir, constants.W_OK);
    if (statSync(path, { throwIfNoEntry: false })) accessSync(path, constants.W_OK);
  } catch (error) {
    throw toStoreError(error, dataDir);
  }
}

function openForWriting(dataDir: string, appVersion: string, isFull = false): DataFolder {
  prepareFolder(dataDir);
  const presence = lockHistory(dataDir, 'shared');
  if (presence === null) throw beingReplaced(dataDir);
  try {
    const connection = openDatabase(historyPathIn(dataDir), appVersion);
    return new DataFolder(resolve(dataDir), connection, presence, isFull);
  } catch (error) {
    presence.release();
    throw error;
  }
}

const beingReplaced = (dataDir: string): AfterimageError =>
  new AfterimageError(
    'LOCKED',
    `A backup is being put in the place of the history in ${dataDir}.`,
    'Try again when that is done.',
  );

/** With the space that is kept back for it, where the disk is full. */
function openOnFullDisk(dataDir: string, appVersion: string, cause: unknown): DataFolder {
  if (!giveBackReserve(dataDir)) throw cause;
  try {
    return openForWriting(dataDir, appVersion, true);
  } catch (error) {
    restoreReserve(dataDir);
    throw error;
  }
}

function openForLooking(dataDir: string, cause: AfterimageError): DataFolder {
  const path = historyPathIn(dataDir);
  // Where there is nothing to look at, what kept it from being made counts.
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) throw cause;
  return new DataFolder(resolve(dataDir), openForReading(path, cause), null);
}

/**
 * Opens the history of a data folder, makes both if need be, and where they cannot be written, be it
 * for want of space, opens it for looking at.
 */
export function openDataFolder(dataDir: string, appVersion: string): DataFolder {
  try {
    try {
      return openForWriting(dataDir, appVersion);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      return openOnFullDisk(dataDir, appVersion, error);
    }
  } catch (error) {
    if (error instanceof AfterimageError && ['DISK_FULL', 'READ_ONLY'].includes(error.code)) {
      return openForLooking(dataDir, error);
    }
    throw error;
  }
}
