import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { AfterimageError } from '../../core/errors.ts';
import { codeOf } from '../platform/errors.ts';
import type { InstallContext } from './progress.ts';
import { makeFolder } from '../platform/folders.ts';

export interface WheelMetadata {
  name: string;
  version: string;
  /** Requirements of the extra `and-cuda`, as pip takes them. */
  cudaRequirements: string[];
}

export interface UnpackOptions {
  /** Where a file of the wheel goes, relative to the folder; null leaves it out. */
  place: (name: string) => string | null;
  folder: string;
}

/** Progress is reported after so many bytes. */
const progressBytes = 1 << 20;

function corruptWheel(path: string, what: string, cause?: unknown): AfterimageError {
  return new AfterimageError(
    'CORRUPT_INPUT',
    `${path} is not a whole wheel: ${what}.`,
    'Download it again.',
    cause,
  );
}

async function listEntries(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) entries.push(entry);
  return entries;
}

async function readText(zip: ZipFile, entries: Entry[], suffix: string): Promise<string> {
  const entry = entries.find(({ fileName }) => fileName.endsWith(suffix));
  if (entry === undefined) throw new Error(`it has no ${suffix.slice(1)}`);
  return text(await zip.openReadStreamPromise(entry));
}

/** Reads the fields used here of a wheel's METADATA, an RFC 822 header. */
export function parseMetadata(metadata: string): WheelMetadata {
  const [header = ''] = metadata.split(/\r?\n\r?\n/, 1);
  const valuesOf = (field: string): string[] =>
    header
      .split(/\r?\n/)
      .filter((line) => line.startsWith(`${field}: `))
      .map((line) => line.slice(field.length + 2).trim());
  const cudaRequirements = valuesOf('Requires-Dist')
    .filter((value) => /;.*extra\s*==\s*["']and[-_]cuda["']/.test(value))
    .map((value) => value.replace(/\s*;.*$/, '').replace(/\s+\(?|\)$/g, ''));
  return {
    name: valuesOf('Name')[0] ?? '',
    version: valuesOf('Version')[0] ?? '',
    cudaRequirements,
  };
}

/** SHA-256 by file name from a wheel's RECORD, base64url without padding. */
function parseRecord(record: string): Map<string, string> {
  const checksums = new Map<string, string>();
  for (const line of record.split(/\r?\n/)) {
    const match = /^"?(.*?)"?,sha256=([\w-]+)=*,\d*$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) checksums.set(match[1], match[2]);
  }
  return checksums;
}

/** Streams one file to its place and returns its SHA-256 as RECORD writes it. */
async function extract(
  zip: ZipFile,
  entry: Entry,
  target: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<string> {
  makeFolder(dirname(target));
  const digest = createHash('sha256');
  const observe = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      digest.update(chunk);
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
  const isProgram = ((entry.externalFileAttributes >>> 16) & 0o111) !== 0;
  const output = createWriteStream(target, { mode: isProgram ? 0o755 : 0o644 });
  await pipeline(await zip.openReadStreamPromise(entry), observe, output, { signal });
  return digest.digest('base64url');
}

interface Placed {
  entry: Entry;
  target: string;
}

async function extractAll(
  zip: ZipFile,
  placed: Placed[],
  checksums: Map<string, string>,
  path: string,
  { onProgress, signal }: InstallContext,
): Promise<void> {
  const total = placed.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
  const step = `unpack ${basename(path)}`;
  let [done, reported] = [0, 0];
  const onBytes = (bytes: number): void => {
    done += bytes;
    if (done < total && done - reported < progressBytes) return;
    reported = done;
    onProgress({ step, done, total });
  };
  for (const { entry, target } of placed) {
    const sha256 = await extract(zip, entry, target, onBytes, signal);
    if (checksums.get(entry.fileName) !== sha256) {
      throw corruptWheel(path, `${entry.fileName} has another checksum than its RECORD says`);
    }
  }
}

async function unpackOpened(
  zip: ZipFile,
  path: string,
  { place, folder }: UnpackOptions,
  context: InstallContext,
): Promise<WheelMetadata> {
  const entries = await listEntries(zip);
  const metadata = parseMetadata(await readText(zip, entries, '.dist-info/METADATA'));
  const checksums = parseRecord(await readText(zip, entries, '.dist-info/RECORD'));
  const placed = entries.flatMap((entry) => {
    const target = entry.fileName.endsWith('/') ? null : place(entry.fileName);
    return target === null ? [] : [{ entry, target: join(folder, target) }];
  });
  await extractAll(zip, placed, checksums, path, context);
  return metadata;
}

/**
 * Unpacks the chosen files of a wheel, streaming, and checks each against the wheel's own list of
 * checksums. Throws NOT_FOUND or CORRUPT_INPUT; errors of writing stay as they are.
 */
export async function unpackWheel(
  path: string,
  options: UnpackOptions,
  context: InstallContext,
): Promise<WheelMetadata> {
  let zip: ZipFile | null = null;
  try {
    zip = await openPromise(path, { autoClose: false, lazyEntries: true });
    return await unpackOpened(zip, path, options, context);
  } catch (error) {
    context.signal?.throwIfAborted();
    if (error instanceof AfterimageError) throw error;
    if (codeOf(error) === 'ENOENT') {
      throw new AfterimageError('NOT_FOUND', `There is no ${path}.`, 'Check the path.', error);
    }
    // Zip and zlib errors have no errno of the system; those of writing keep theirs.
    if (codeOf(error) !== '' && !codeOf(error).startsWith('Z_')) throw error;
    throw corruptWheel(path, error instanceof Error ? error.message : String(error), error);
  } finally {
    zip?.close();
  }
}
