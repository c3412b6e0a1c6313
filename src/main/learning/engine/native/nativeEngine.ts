import type { Engine } from '../engine.ts';
import { GraphProgram } from './graphProgram.ts';
import { loadNativeBackend, type LoadedBackend } from './load.ts';
import type { NativeBackend } from './nativeBackend.ts';
import { NativeOps } from './nativeOps.ts';

/** The same library in two ways of computing. */
export interface NativeEngines {
  /** Functions run as TensorFlow's graphs. */
  graph: Engine;
  /** What is repeated is compiled by XLA, many calls as one program: for a GPU, where calls are dear. */
  compiled: Engine;
}

function makeEngine(loaded: LoadedBackend, compiles: boolean): Engine {
  const { device, threads, versions } = loaded;
  // The package's own types hide what it takes to run a recorded graph.
  const unknown: unknown = loaded.backend;
  const backend = unknown as NativeBackend;
  return {
    info: {
      name: 'native',
      device,
      threads,
      // On a CPU the order of its sums follows from the threads; a GPU is asked to keep to one, which shows
      // only when it computes.
      deterministic: device !== 'gpu',
      versions: { ...versions, ...(compiles && { compiler: 'xla' }) },
    },
    ops: new NativeOps(backend, compiles),
    load: (functions, stateSizes) => new GraphProgram(backend, functions, stateSizes, compiles),
  };
}

/** TensorFlow's native library from an installed engine's folder; a process opens one. */
export async function openNativeEngines(folder: string, threads: number): Promise<NativeEngines> {
  const loaded = await loadNativeBackend(folder, threads);
  return { graph: makeEngine(loaded, false), compiled: makeEngine(loaded, true) };
}
