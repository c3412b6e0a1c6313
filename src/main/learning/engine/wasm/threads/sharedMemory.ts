import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { canShareMemory } from '../../../../platform/threads.ts';

const [folder, binary] = ['@tensorflow/tfjs-backend-wasm/dist', 'tfjs-backend-wasm-simd.wasm'];
/** What tfjs would load on other machines; all that Node runs on have vectors. */
const others = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'];

/** `\0asm` and the version, 4 bytes each. */
const headerBytes = 8;
const memorySection = 5;
const [hasMaximum, sharedWithMaximum] = [0x01, 0x03] as const;

/** A number in LEB128, and where the next byte lies. */
function readLeb(bytes: Uint8Array, start: number): { value: number; end: number } {
  let [value, end, shift] = [0, start, 0];
  let byte: number;
  do {
    byte = bytes[end] as number;
    value += (byte & 127) * 2 ** shift;
    end += 1;
    shift += 7;
  } while (byte > 127);
  return { value, end };
}

/** Where the module's one memory says what it is; null where it has none of its own. */
function findMemoryFlags(bytes: Uint8Array): number | null {
  for (let at = headerBytes; at < bytes.length;) {
    const id = bytes[at];
    const { value: length, end } = readLeb(bytes, at + 1);
    if (id === memorySection) return readLeb(bytes, end).end;
    at = end + length;
  }
  return null;
}

/**
 * The module with its memory declared as shared between threads, a single byte; its code stays as it is,
 * and so do the bits that it computes. Null where that cannot be said of it.
 */
export function declareShared(module: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  const at = findMemoryFlags(module);
  if (at === null || module[at] !== hasMaximum) return null;
  const shared = module.slice();
  shared[at] = sharedWithMaximum;
  return shared;
}

/**
 * Has tfjs's backend, which must not have started yet, work on memory that threads can share. Elsewhere
 * than in Node, or with another binary, the memory stays its own.
 */
export function shareBackendMemory(): void {
  if (!canShareMemory) return;
  const path = createRequire(import.meta.url).resolve(`${folder}/${binary}`);
  const shared = declareShared(new Uint8Array(readFileSync(path)));
  if (shared === null) return;
  const url = URL.createObjectURL(new Blob([shared], { type: 'application/wasm' }));
  setWasmPaths(Object.fromEntries([binary, ...others].map((name) => [name, url])), true);
}
