import type { FileHandle } from 'node:fs/promises';
import { open, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { AfterimageError } from '../../core/errors.ts';
import { codeOf } from '../platform/errors.ts';
import { publish, sizeOf } from '../platform/files.ts';
import { computeFileChecksum } from '../platform/hashes.ts';
import type { Host } from './host.ts';
import type { InstallContext } from './progress.ts';
import type { TarballRelease } from './releases.ts';

function noNetwork(url: string, what: string, cause?: unknown): AfterimageError {
  return new AfterimageError(
    'NO_NETWORK',
    `${url} cannot be downloaded: ${what}`,
    'Download it on another machine and give it with `engine install --from PATH`.',
    cause,
  );
}

/** fetch itself only says that it failed; its innermost error says why. */
function describeCause(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return codeOf(cause) || (cause instanceof Error ? cause.message : String(cause));
}

async function request(
  host: Host,
  url: string,
  offset: number,
  signal: AbortSignal | undefined,
): Promise<Response> {
  try {
    const headers = { 'accept-encoding': 'identity', range: `bytes=${offset}-` };
    return await host.fetch(url, { headers, signal: signal ?? null });
  } catch (error) {
    signal?.throwIfAborted();
    throw noNetwork(url, describeCause(error), error);
  }
}

/** More than any of TensorFlow's; a server that sends more is not listened to any longer. */
const defaultMostBytes = 2 ** 31;

async function appendBody(
  response: Response,
  file: FileHandle,
  url: string,
  mostBytes: number,
  { onProgress, signal }: InstallContext,
): Promise<void> {
  if (response.status !== 206) await file.truncate(0);
  let done = (await file.stat()).size;
  const length = response.headers.get('content-length');
  const total = length === null ? null : done + Number(length);
  try {
    for await (const chunk of response.body ?? []) {
      await file.appendFile(chunk);
      done += chunk.length;
      if (done > mostBytes) break;
      onProgress({ step: `download ${basename(url)}`, done, total });
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (['ENOSPC', 'EDQUOT'].includes(codeOf(error))) throw error;
    throw noNetwork(url, `the connection broke off (${describeCause(error)})`, error);
  }
  if (done <= mostBytes) return;
  await file.truncate(0);
  throw noNetwork(url, `the server sends more than ${mostBytes} bytes.`);
}

/**
 * Downloads a tarball unless it lies at `path` already, continuing what an earlier attempt left, and
 * gives it its name only when its checksum is right. Throws NO_NETWORK or CORRUPT_INPUT.
 */
export async function downloadTarball(
  host: Host,
  { url, sha256 }: TarballRelease,
  path: string,
  context: InstallContext,
  mostBytes = defaultMostBytes,
): Promise<void> {
  const { signal } = context;
  const isRight = async (file: string): Promise<boolean> =>
    (await sizeOf(file)) !== null &&
    (await computeFileChecksum(file, 'sha256', { signal })) === sha256;
  if (await isRight(path)) return;
  const part = `${path}.part`;
  const response = await request(host, url, (await sizeOf(part)) ?? 0, signal);
  // 416: there is nothing after what the partial file holds; its checksum decides.
  if (!response.ok && response.status !== 416) {
    throw noNetwork(url, `the server answers ${response.status}`);
  }
  if (response.ok) {
    await using file = await open(part, 'a');
    await appendBody(response, file, url, mostBytes, context);
  }
  if (!(await isRight(part))) {
    await rm(part, { force: true });
    throw new AfterimageError(
      'CORRUPT_INPUT',
      `${url} is not the file expected: its SHA-256 is not ${sha256}.`,
      'Try again.',
    );
  }
  await publish(part, path);
}
