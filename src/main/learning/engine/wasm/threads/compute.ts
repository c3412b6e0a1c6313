import { instantiate, type Callable } from '../module/assembler.ts';
import { definitions } from '../module/moduleFunctions.ts';

/** What computes on the engine's memory, on whichever thread. */
export interface Compute {
  functions: Callable<typeof definitions>;
  /** Floats in memory. The view dies when memory grows: take it after the last allocation. */
  viewOf: (address: number, length: number) => Float32Array;
  /** Integers of 32 bits in memory; like `viewOf`. */
  integersAt: (address: number, length: number) => Int32Array;
  /** Number of the thread; 0 is the engine's own. */
  thread: number;
  /** Number of the part of a job that is being done. */
  part: number;
  /** The loan of memory in which the thread has cleared its place last. */
  prepared: { loan: number };
}

export const createCompute = (
  memory: WebAssembly.Memory,
  module: WebAssembly.Module,
  thread: number,
): Compute => ({
  functions: instantiate(definitions, memory, module),
  viewOf: (address, length) => new Float32Array(memory.buffer, address, length),
  integersAt: (address, length) => new Int32Array(memory.buffer, address, length),
  thread,
  part: 0,
  prepared: { loan: 0 },
});
