import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** SHA-256 in hex; of a text, of its UTF-8. */
export function computeSha256(content: Uint8Array | string): string {
  return hash('sha256', content, 'hex');
}

export interface ChecksumOptions {
  /** Aborting rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Told the length of each chunk read, bytes. */
  onBytes?: ((bytes: number) => void) | undefined;
}

const chunkBytes = 2 ** 20;

/** Checksum of a file of any size, in hex. Throws the system's errors of reading it. */
export async function computeFileChecksum(
  path: string,
  algorithm: 'sha256' | 'md5',
  { signal, onBytes }: ChecksumOptions = {},
): Promise<string> {
  const digest = createHash(algorithm);
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) {
    signal?.throwIfAborted();
    digest.update(chunk as Buffer);
    onBytes?.((chunk as Buffer).length);
  }
  return digest.digest('hex');
}

/** A whole file, if it has this SHA-256; null where it has another. Throws the system's errors. */
export async function readVerified(path: string, sha256: string): Promise<Uint8Array | null> {
  const bytes = await readFile(path);
  return computeSha256(bytes) === sha256 ? bytes : null;
}
