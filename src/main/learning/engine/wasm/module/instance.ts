import type * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { AfterimageError } from '../../../../../core/errors.ts';
import { splits } from '../threads/splits.ts';
import { createCompute } from '../threads/compute.ts';
import type { Places } from '../threads/tasks.ts';
import { ThreadPool } from '../threads/threadPool.ts';
import type { TaskArguments, TaskName } from '../threads/taskTable.ts';
import { compile, isShared } from './assembler.ts';
import { lendMemory, type Loans } from './loans.ts';
import { definitions, floatBytes } from './moduleFunctions.ts';

/** What the engine uses of the module that tfjs-backend-wasm is compiled to. */
interface EmscriptenModule {
  HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  asm: { memory: WebAssembly.Memory };
}

/** What we use of tfjs's backend. */
export type WasmBackend = Pick<
  BackendWasm,
  'wasm' | 'dataIdMap' | 'makeOutput' | 'incRef' | 'disposeData'
>;

/** Functions whose work threads share out, by name. */
export type DividedFunctions = {
  readonly [Name in keyof typeof splits]: (args: TaskArguments<Name>) => void;
};

/** Our functions in the memory of tfjs's own, and access to tensors there. */
export interface WasmInstance extends Loans {
  /** Threads that share the work, of which this is one. */
  readonly threads: number;
  /** Has so many threads share the work from now on; as many as it says then. */
  useThreads: (threads: number) => Promise<void>;
  /**
   * Does all units of a task, on all threads; where `args` has places for parts, in so many parts. Within
   * `defer` the work is done later, in order, and whatever else touches memory through the instance
   * waits for it.
   */
  run: <Name extends TaskName>(
    name: Name,
    args: TaskArguments<Name> & Partial<Places>,
    units: number,
  ) => void;
  /** For the time of a function, lets this thread prepare work while others do what it has prepared. */
  defer: <T>(work: () => T) => T;
  /** Waits until all work is done, so that memory is as it should be. */
  finish: () => void;
  /** Gives something back as soon as no work that is not done needs it. */
  afterJobs: (release: () => void) => void;
  /** Functions of the module on all threads. */
  divided: DividedFunctions;
  /** Address of a tensor's first element, in bytes. */
  addressOf: (tensor: tf.TensorInfo) => number;
  /** A tensor whose elements are undefined. */
  makeOutput: (shape: readonly number[], dtype?: tf.NumericDataType) => tf.TensorInfo;
  /** For the time of a function, the first output of a tensor's size and type takes over its memory. */
  offering: <T>(tensor: tf.TensorInfo | null, work: () => T) => T;
  /** Another handle on a tensor's memory, to be disposed of like a tensor of its own. */
  share: (tensor: tf.TensorInfo) => tf.TensorInfo;
  /** Floats in memory. The view dies when memory grows: take it after the last allocation. */
  viewOf: (address: number, length: number) => Float32Array;
  /** Bytes in memory; like `viewOf`. */
  bytesOf: (address: number, length: number) => Uint8Array;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1);

const outOfMemory = (bytes: number): AfterimageError =>
  new AfterimageError(
    'OUT_OF_MEMORY',
    `The embedded engine could not get ${Math.ceil(bytes / 2 ** 20)} MiB more of its 4 GiB.`,
    'Choose a smaller batchSize.',
  );

function divideFunctions(pool: ThreadPool): DividedFunctions {
  const names = Object.keys(splits) as (keyof typeof splits)[];
  const divided = names.map((name) => [
    name,
    (args: never) => {
      pool.run(name, args, splits[name].units(args));
    },
  ]);
  return Object.fromEntries(divided) as DividedFunctions;
}

/** What an attempt to get memory gives, or, where there is none, a second one when nothing waits for jobs any more. */
const obtain = <T>(pool: ThreadPool, attempt: () => T | null): T | null => {
  const first = attempt();
  if (first !== null) return first;
  pool.finish();
  return attempt();
};

/** Memory for the time of a call. */
function lend(module: EmscriptenModule, pool: ThreadPool): Loans {
  /** Address 0 is malloc's way to say no. */
  const allocate = (bytes: number): number | null => module._malloc(bytes) >>> 0 || null;
  return lendMemory(
    (length) => {
      const address = obtain(pool, () => allocate(length * floatBytes));
      if (address === null) throw outOfMemory(length * floatBytes);
      return address;
    },
    (address) => {
      pool.afterJobs(() => {
        module._free(address);
      });
    },
    () => pool.threads,
  );
}

/** Tensors for what kernels compute. */
function makeOutputs(
  backend: WasmBackend,
  pool: ThreadPool,
  addressOf: WasmInstance['addressOf'],
): Pick<WasmInstance, 'makeOutput' | 'offering'> {
  let offered: tf.TensorInfo | null = null;
  const takeOffered = (shape: readonly number[], dtype: string): tf.TensorInfo | null => {
    if (offered?.dtype !== dtype || sizeOf(offered.shape) !== sizeOf(shape)) return null;
    const { dataId } = offered;
    offered = null;
    return { dataId, shape: [...shape], dtype };
  };
  const allocate = (shape: readonly number[], dtype: tf.NumericDataType): tf.TensorInfo | null => {
    const output = backend.makeOutput([...shape], dtype);
    if (addressOf(output) !== 0) return output;
    backend.disposeData(output.dataId);
    return null;
  };
  return {
    makeOutput(shape, dtype = 'float32') {
      const output = takeOffered(shape, dtype) ?? obtain(pool, () => allocate(shape, dtype));
      if (output === null) throw outOfMemory(sizeOf(shape) * floatBytes);
      return output;
    },
    offering(tensor, work) {
      offered = tensor;
      try {
        return work();
      } finally {
        offered = null;
      }
    },
  };
}

export function createInstance(backend: WasmBackend): WasmInstance {
  const module = backend.wasm as unknown as EmscriptenModule;
  const { memory } = module.asm;
  const compiled = compile(definitions, memory);
  const own = createCompute(memory, compiled, 0);
  const pool = new ThreadPool(own, { memory, module: compiled });
  const addressOf = ({ dataId }: tf.TensorInfo): number =>
    backend.dataIdMap.get(dataId).memoryOffset;
  return {
    get threads() {
      return pool.threads;
    },
    useThreads: (threads) => pool.resize(isShared(memory) ? threads : 1),
    run: pool.run.bind(pool),
    defer: pool.defer.bind(pool),
    finish: pool.finish.bind(pool),
    afterJobs: pool.afterJobs.bind(pool),
    divided: divideFunctions(pool),
    addressOf,
    ...makeOutputs(backend, pool, addressOf),
    share({ dataId, shape, dtype }) {
      backend.incRef(dataId);
      return { dataId, shape, dtype };
    },
    viewOf(address, length) {
      pool.finish();
      return own.viewOf(address, length);
    },
    bytesOf(address, length) {
      pool.finish();
      return new Uint8Array(memory.buffer, address, length);
    },
    ...lend(module, pool),
  };
}
