import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import { damaged } from './errors.ts';

/** BLOBs hold arrays as they lie in memory; every machine that Node 24 runs on is little-endian. */
if (endianness() !== 'LE')
  throw new Error('histories can only be stored on little-endian machines');

/** The bytes of an array, not a copy. */
export function viewBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** The bytes of several arrays, one after the other. */
export function joinBytes(...arrays: readonly ArrayBufferView[]): Uint8Array {
  return Buffer.concat(arrays.map(viewBytes));
}

/** SHA-256 in hex of several arrays, one after the other. */
export function computeDigest(arrays: Iterable<ArrayBufferView>): string {
  const digest = createHash('sha256');
  for (const array of arrays) digest.update(viewBytes(array));
  return digest.digest('hex');
}

/** Takes arrays out of a BLOB, in the order in which they were put together. Each is a copy. */
export class BytesReader {
  readonly #bytes: Uint8Array;
  readonly #name: string;
  #offset = 0;

  /** @param name what the BLOB is, for errors */
  constructor(bytes: Uint8Array, name: string) {
    this.#bytes = bytes;
    this.#name = name;
  }

  takeFloat32(length: number): Float32Array {
    return new Float32Array(this.#take(length * Float32Array.BYTES_PER_ELEMENT));
  }

  takeUint32(length: number): Uint32Array {
    return new Uint32Array(this.#take(length * Uint32Array.BYTES_PER_ELEMENT));
  }

  takeUint8(length: number): Uint8Array {
    return new Uint8Array(this.#take(length));
  }

  /** CORRUPT_HISTORY if anything is left. */
  end(): void {
    if (this.#offset !== this.#bytes.length) throw this.#wrongLength(this.#offset);
  }

  #take(byteLength: number): ArrayBuffer {
    const end = this.#offset + byteLength;
    if (end > this.#bytes.length) throw this.#wrongLength(end);
    const { buffer } = new Uint8Array(this.#bytes.subarray(this.#offset, end));
    this.#offset = end;
    return buffer;
  }

  #wrongLength(expected: number): Error {
    return damaged(`${this.#name} has ${this.#bytes.length} bytes, not ${expected}`);
  }
}
