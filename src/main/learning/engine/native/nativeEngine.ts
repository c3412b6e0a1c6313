import type { Engine } from '../engine.ts';
import { GraphProgram } from './graphProgram.ts';
import { loadNativeBackend } from './load.ts';
import type { NativeBackend } from './nativeBackend.ts';
import { NativeOps } from './nativeOps.ts';

/** TensorFlow's native library from an installed engine's folder; functions run as its graphs. */
export async function openNativeEngine(
  folder: string,
  threads: number,
  compile?: boolean,
): Promise<Engine> {
  const { device, versions, ...loaded } = await loadNativeBackend(folder, threads);
  // The package's own types hide what it takes to run a recorded graph.
  const unknown: unknown = loaded.backend;
  const backend = unknown as NativeBackend;
  const compiles = compile ?? device === 'gpu';
  return {
    // On a CPU the order of its sums follows from the threads; a GPU is asked to keep to one, which shows
    // only when it computes.
    info: {
      name: 'native',
      device,
      threads: loaded.threads,
      deterministic: device !== 'gpu',
      versions,
    },
    ops: new NativeOps(backend),
    load: (functions, stateSizes) => new GraphProgram(backend, functions, stateSizes, compiles),
  };
}
