import { randomUUID } from 'node:crypto';
import { open, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bundlePieceBytes } from '../../shared/bundleCalls.ts';
import { AfterimageError } from '../../core/errors.ts';
import { makeFolder, privateFolderMode } from '../platform/folders.ts';
import { nameUnfinished } from '../platform/unfinished.ts';
import { toStoreError } from '../store/database/errors.ts';

/** A bundle under way. */
interface Transfer {
  path: string;
  bytes: number;
  direction: 'in' | 'out';
  /** Bytes from the beginning that have been asked for or given. */
  claimed: number;
  /** Bytes of them that are through. */
  transferred: number;
  whole: PromiseWithResolvers<undefined>;
}

/** Announces that pieces may cross now. */
export type Announce = (ready: { bundleId: string; bytes: number }) => void;

/** As many bundles may be under way at once: each takes room on the disk. */
const mostTransfers = 8;

/**
 * Bundles on their way through the contract: files that live as long as the call that carries them,
 * whose pieces other calls read or write meanwhile. None is ever in memory as a whole.
 */
export class BundleTransfers {
  readonly #folder: string;
  readonly #transfers = new Map<string, Transfer>();
  readonly #working = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();

  /**
   * @param folder on the disk of the history, for which bundles are not too large; made when needed
   */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Calls `work` with the path of a file that is gone afterwards, and a signal that closing aborts. */
  async withFile<Result>(
    signal: AbortSignal,
    work: (path: string, signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    if (this.#working.size >= mostTransfers) {
      throw new AfterimageError(
        'CONFLICT',
        `${mostTransfers} bundles are being exported or imported already.`,
        'Try again when one of them is done, or cancel one.',
      );
    }
    const working = this.#withFolder((path) =>
      work(path, AbortSignal.any([signal, this.#closing.signal])),
    );
    this.#working.add(working);
    try {
      return await working;
    } finally {
      this.#working.delete(working);
    }
  }

  /** Lets a whole file be read; resolves when the last piece has been. */
  async send(path: string, announce: Announce, signal: AbortSignal): Promise<void> {
    const { size } = await stat(path);
    await this.#cross({ path, bytes: size, direction: 'out' }, announce, signal);
  }

  /**
   * Lets a file be written; resolves when it has all its bytes. DISK_FULL before the first of them
   * where there is no room for it and its runs.
   */
  async receive(
    { path, bytes }: { path: string; bytes: number },
    announce: Announce,
    signal: AbortSignal,
  ): Promise<void> {
    await checkRoom(dirname(path), bytes);
    await (await open(path, 'wx')).close();
    await this.#cross({ path, bytes, direction: 'in' }, announce, signal);
  }

  async read(bundleId: string, offset: number): Promise<Blob> {
    const transfer = this.#find(bundleId, 'out');
    const end = Math.min(transfer.bytes, offset + bundlePieceBytes);
    claim(transfer, offset, end);
    const piece = new Blob([await readPart(transfer.path, offset, end)]);
    settle(transfer, piece);
    return piece;
  }

  async write(bundleId: string, offset: number, piece: Blob): Promise<void> {
    const transfer = this.#find(bundleId, 'in');
    const { path, whole } = transfer;
    const end = offset + piece.size;
    claim(transfer, offset, end);
    try {
      await writePart(path, offset, new Uint8Array(await piece.arrayBuffer()));
    } catch (error) {
      const explained = toStoreError(error, path);
      whole.reject(explained);
      throw explained;
    }
    settle(transfer, piece);
  }

  /** Ends what is under way; resolves when nothing of it is left. */
  async close(): Promise<void> {
    const closed = 'Afterimage was closed before the bundle was through.';
    this.#closing.abort(new AfterimageError('NO_NETWORK', closed, 'Start it, then try again.'));
    await Promise.allSettled(this.#working);
  }

  async #withFolder<Result>(work: (path: string) => Promise<Result>): Promise<Result> {
    const folder = nameUnfinished(this.#folder);
    try {
      makeFolder(folder, privateFolderMode);
      return await work(join(folder, 'runs.afterimage'));
    } catch (error) {
      throw toStoreError(error, folder);
    } finally {
      // A piece may still be on its way into the file, where systems do not let it be removed.
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  async #cross(
    file: Pick<Transfer, 'path' | 'bytes' | 'direction'>,
    announce: Announce,
    signal: AbortSignal,
  ): Promise<void> {
    signal.throwIfAborted();
    const bundleId = randomUUID();
    const whole = Promise.withResolvers<undefined>();
    if (file.bytes === 0) whole.resolve(undefined);
    signal.addEventListener('abort', () => {
      whole.reject(signal.reason as Error);
    });
    this.#transfers.set(bundleId, { ...file, claimed: 0, transferred: 0, whole });
    try {
      announce({ bundleId, bytes: file.bytes });
      await whole.promise;
    } finally {
      this.#transfers.delete(bundleId);
    }
  }

  #find(bundleId: string, direction: Transfer['direction']): Transfer {
    const transfer = this.#transfers.get(bundleId);
    if (transfer?.direction === direction) return transfer;
    throw new AfterimageError(
      'NOT_FOUND',
      'This bundle is no longer under way.',
      'Export or import it again.',
    );
  }
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** For a while, the bundle and the runs that are copied out of it lie on the disk side by side. */
async function checkRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const [needed, free] = [2 * bytes, bavail * bsize];
  if (needed <= free) return;
  throw new AfterimageError(
    'DISK_FULL',
    `To import this bundle takes ${gigabytes(needed)} for a while, and ${gigabytes(free)} are free where ${folder} lies.`,
    'Free some space (purging runs from the bin gives theirs back), then try again.',
  );
}

/** Pieces follow on each other, so that each byte crosses once. */
function claim(transfer: Transfer, offset: number, end: number): void {
  if (offset !== transfer.claimed || end > transfer.bytes) {
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      `Bytes ${offset} to ${end} of a bundle of ${transfer.bytes} do not follow on ${transfer.claimed}.`,
      'Export or import it again.',
    );
  }
  transfer.claimed = end;
}

function settle(transfer: Transfer, piece: Blob): void {
  transfer.transferred += piece.size;
  if (transfer.transferred === transfer.bytes) transfer.whole.resolve(undefined);
}

async function readPart(
  path: string,
  start: number,
  end: number,
): Promise<Uint8Array<ArrayBuffer>> {
  await using file = await open(path, 'r');
  const bytes = new Uint8Array(end - start);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
  return bytes.subarray(0, bytesRead);
}

async function writePart(path: string, start: number, bytes: Uint8Array): Promise<void> {
  await using file = await open(path, 'r+');
  for (let done = 0; done < bytes.length;) {
    const part = bytes.subarray(done);
    const { bytesWritten } = await file.write(part, 0, part.length, start + done);
    done += bytesWritten;
  }
}
