import type { FileHandle } from 'node:fs/promises';
import { open, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { AfterimageError } from '../../core/errors.ts';
import { codeOf, toWriteError } from '../platform/errors.ts';
import { publish, sizeOf } from '../platform/files.ts';
import { makeFolder, privateFolderMode } from '../platform/folders.ts';
import { computeFileChecksum } from '../platform/hashes.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import { corruptInput } from './source.ts';

export interface Download {
  url: string;
  /** Where the file is to lie; while incomplete it lies in `PATH.part`. */
  path: string;
  /** Hex. */
  md5: string;
  /** A server that sends more is not listened to any longer. */
  mostBytes: number;
  /** What to do where there is no network. */
  offlineRemedy: string;
}

function noNetwork(download: Download, what: string, cause?: unknown): AfterimageError {
  return new AfterimageError(
    'NO_NETWORK',
    `${download.url} cannot be downloaded: ${what}.`,
    download.offlineRemedy,
    cause,
  );
}

/** Says why in the words of the innermost error; fetch itself only says that it failed. */
function describeCause(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return codeOf(cause) || (cause instanceof Error ? cause.message : String(cause));
}

async function request(
  download: Download,
  offset: number,
  signal: AbortSignal | undefined,
): Promise<Response> {
  try {
    return await fetch(download.url, {
      headers: {
        'accept-encoding': 'identity',
        ...(offset > 0 && { range: `bytes=${offset}-` }),
      },
      signal: signal ?? null,
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw noNetwork(download, describeCause(error), error);
  }
}

/** The chunks of the body; a connection that breaks is NO_NETWORK, and what has come is kept. */
async function* readBody(
  download: Download,
  response: Response,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response.body ?? []) yield chunk;
  } catch (error) {
    signal?.throwIfAborted();
    throw noNetwork(download, `the connection broke off (${describeCause(error)})`, error);
  }
}

async function appendBody(
  download: Download,
  response: Response,
  file: FileHandle,
  { onProgress, signal }: LongTaskOptions,
): Promise<void> {
  const isRest = response.status === 206;
  if (!isRest) await file.truncate(0);
  let done = isRest ? (await file.stat()).size : 0;
  const length = response.headers.get('content-length');
  const total = length === null ? null : done + Number(length);
  for await (const chunk of readBody(download, response, signal)) {
    await file.appendFile(chunk);
    done += chunk.length;
    if (done > download.mostBytes) {
      await file.truncate(0);
      throw noNetwork(download, `the server sends more than ${download.mostBytes} bytes`);
    }
    onProgress?.({ step: `downloading ${basename(download.path)}`, done, total });
  }
  await file.sync();
}

/** Asks for what is missing of the partial file and appends it. */
async function fetchRest(
  download: Download,
  part: string,
  options: LongTaskOptions,
): Promise<void> {
  const response = await request(download, (await sizeOf(part)) ?? 0, options.signal);
  // 416: there is nothing after what the partial file holds; its checksum decides.
  if (response.status === 416) return;
  if (!response.ok) throw noNetwork(download, `the server answers ${response.status}`);
  await using file = await open(part, 'a');
  await appendBody(download, response, file, options);
}

async function hasChecksum(path: string, md5: string, signal?: AbortSignal): Promise<boolean> {
  return (
    ((await sizeOf(path)) ?? 0) > 0 && (await computeFileChecksum(path, 'md5', { signal })) === md5
  );
}

/**
 * Downloads a file unless it lies there already, checks its MD5 and gives it its name only then.
 * What an earlier attempt left is continued. Throws NO_NETWORK, CORRUPT_INPUT (wrong checksum),
 * READ_ONLY or DISK_FULL.
 */
export async function downloadFile(
  download: Download,
  options: LongTaskOptions = {},
): Promise<void> {
  const { path, md5, url } = download;
  const { signal } = options;
  const part = `${path}.part`;
  try {
    makeFolder(dirname(path), privateFolderMode);
    if (await hasChecksum(path, md5, signal)) return;
    await fetchRest(download, part, options);
    if (!(await hasChecksum(part, md5, signal))) {
      await rm(part, { force: true });
      throw corruptInput(
        `${url} is not the file expected: its MD5 is not ${md5}.`,
        `Try again. If it stays so: ${download.offlineRemedy}`,
      );
    }
    await publish(part, path);
  } catch (error) {
    throw toWriteError(error, path);
  }
}
