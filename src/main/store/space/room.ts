import { AfterimageError, type ErrorCode } from '../../../core/errors.ts';
import { takeSteps, type LongTaskOptions } from '../../platform/longTask.ts';
import type { Connection } from '../database/connection.ts';
import type { DataFolder } from '../database/dataFolder.ts';

/** Pages given back to the file system at a time: 1 MB; on a full disk, where the log has to hold them. */
const [pagesPerStep, pagesOnFullDisk] = [250, 25];

const isOf = (error: unknown, code: ErrorCode): boolean =>
  error instanceof AfterimageError && error.code === code;

/** Removes rows bit by bit and gives their space back, also where the disk is full. */
export class Room {
  readonly #folder: DataFolder;
  readonly #connection: Connection;
  /** Whether there is so little space that even removing has to do with a small log. */
  #isTight: boolean;

  constructor(connection: Connection, folder: DataFolder) {
    this.#connection = connection;
    this.#folder = folder;
    this.#isTight = folder.isFull;
  }

  /** Bytes of the file that hold nothing. */
  get freeBytes(): number {
    return this.#freePages * Number(this.#connection.pragma('page_size'));
  }

  get #freePages(): number {
    return Number(this.#connection.pragma('freelist_count'));
  }

  /**
   * Takes steps that remove something, in transactions of a few, so that others can write meanwhile. On
   * a full disk it takes the space that is kept back for this.
   *
   * @param begin the steps from their beginning, or from where earlier ones got to
   * @param atOnce the same in one go, which takes less of the log than many transactions do
   */
  async removeInTurns(
    begin: () => Iterator<unknown, void, undefined>,
    atOnce: () => void,
    signal?: AbortSignal,
  ): Promise<void> {
    try {
      await this.#takeTurns(begin(), signal);
    } catch (error) {
      if (!isOf(error, 'DISK_FULL')) throw error;
      this.#isTight = true;
      this.#folder.giveBackReserve();
      if (this.#didAtOnce(atOnce)) return;
      this.#reuseLog();
      await this.#takeTurns(begin(), signal);
    }
  }

  #didAtOnce(work: () => void): boolean {
    try {
      this.#connection.transaction(work);
      return true;
    } catch (error) {
      if (!isOf(error, 'DISK_FULL')) throw error;
      return false;
    }
  }

  async #takeTurns(
    steps: Iterator<unknown, void, undefined>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const wrap = (turn: () => void): void => {
      this.#connection.transaction(turn);
      if (this.#isTight) this.#reuseLog();
    };
    await takeSteps(steps, this.#isTight ? { wrap, signal, longestMs: 0 } : { wrap, signal });
  }

  /**
   * Copies what the log holds into the history, if nobody reads it, so that what comes next takes its
   * place in the log and no more of the disk.
   */
  #reuseLog(mode: 'RESTART' | 'TRUNCATE' = 'RESTART'): void {
    try {
      this.#connection.pragma(`wal_checkpoint(${mode})`);
    } catch (error) {
      if (!isOf(error, 'DISK_FULL') && !isOf(error, 'LOCKED')) throw error;
    }
  }

  /**
   * Gives the file's free space back to the file system; what cannot be given back now (a full disk, a
   * busy history) is used or given back later.
   */
  async shrink(options: LongTaskOptions = {}): Promise<void> {
    try {
      await this.#vacuum(options);
      if (this.#isTight) this.#reuseLog('TRUNCATE');
      else this.#connection.pragma('wal_checkpoint(PASSIVE)');
    } catch (error) {
      if (!isOf(error, 'DISK_FULL') && !isOf(error, 'LOCKED')) throw error;
    }
  }

  async #vacuum(options: LongTaskOptions): Promise<void> {
    try {
      await takeSteps(this.#vacuumInSteps(options), { signal: options.signal });
    } catch (error) {
      if (this.#isTight || !isOf(error, 'DISK_FULL')) throw error;
      this.#isTight = true;
      this.#reuseLog();
      await takeSteps(this.#vacuumInSteps(options), { signal: options.signal });
    }
  }

  *#vacuumInSteps({ onProgress }: LongTaskOptions): Generator<undefined, void> {
    const total = this.#freePages;
    for (let left = total; left > 0;) {
      const pages = this.#isTight ? pagesOnFullDisk : pagesPerStep;
      this.#connection.exec(`PRAGMA incremental_vacuum(${pages})`);
      if (this.#isTight) this.#reuseLog();
      const now = this.#freePages;
      if (now >= left) break;
      left = now;
      onProgress?.({ step: 'Giving space back', done: total - left, total });
      yield;
    }
  }
}
