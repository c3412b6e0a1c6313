import type * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { AfterimageError } from '../../../../../core/errors.ts';
import { splits } from '../threads/splits.ts';
import { createCompute, type Compute } from '../threads/compute.ts';
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
export interface WasmInstance extends Compute, Loans {
  /** Threads that share the work, of which this is one. */
  readonly threads: number;
  /** Has so many threads share the work from now on; as many as it says then. */
  useThreads: (threads: number) => Promise<void>;
  /** Does all units of a task, on all threads; where `args` has places for parts, in so many parts. */
  run: <Name extends TaskName>(
    name: Name,
    args: TaskArguments<Name> & Partial<Places>,
    units: number,
  ) => void;
  /** Functions of the module on all threads. */
  divided: DividedFunctions;
  /** Address of a tensor's first element, in bytes. */
  addressOf: (tensor: tf.TensorInfo) => number;
  /** A tensor whose elements are undefined. */
  makeOutput: (shape: readonly number[], dtype?: tf.NumericDataType) => tf.TensorInfo;
  /** Another handle on a tensor's memory, to be disposed of like a tensor of its own. */
  share: (tensor: tf.TensorInfo) => tf.TensorInfo;
  /** Bytes in memory; like `viewOf`. */
  bytesOf: (address: number, length: number) => Uint8Array;
}

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

export function createInstance(backend: WasmBackend): WasmInstance {
  const module = backend.wasm as unknown as EmscriptenModule;
  const { memory } = module.asm;
  const addressOf = ({ dataId }: tf.TensorInfo): number =>
    backend.dataIdMap.get(dataId).memoryOffset;
  /** Address 0 is malloc's way to say no. */
  const allocate = (length: number): number => {
    const address = module._malloc(length * floatBytes) >>> 0;
    if (address === 0) throw outOfMemory(length * floatBytes);
    return address;
  };
  const free = (address: number): void => {
    module._free(address);
  };
  const compiled = compile(definitions, memory);
  const own = createCompute(memory, compiled, 0);
  const pool = new ThreadPool(own, { memory, module: compiled });
  return {
    ...own,
    get threads() {
      return pool.threads;
    },
    useThreads: (threads) => pool.resize(isShared(memory) ? threads : 1),
    run: (name, args, units) => {
      pool.run(name, args, units);
    },
    divided: divideFunctions(pool),
    addressOf,
    makeOutput(shape, dtype = 'float32') {
      const output = backend.makeOutput([...shape], dtype);
      if (addressOf(output) !== 0) return output;
      backend.disposeData(output.dataId);
      throw outOfMemory(shape.reduce((bytes, size) => bytes * size, floatBytes));
    },
    share({ dataId, shape, dtype }) {
      backend.incRef(dataId);
      return { dataId, shape, dtype };
    },
    bytesOf: (address, length) => new Uint8Array(memory.buffer, address, length),
    ...lendMemory(allocate, free, () => pool.threads),
  };
}
