import { existsSync, readdirSync, rmSync } from 'node:fs';
import { compiledFolder } from '../../../../shared/nativeEngine.ts';
import type { Engine } from '../engine.ts';
import { CompiledOps } from './compiledOps.ts';
import { GraphProgram, type Compiler } from './graphProgram.ts';
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

/** Removes what XLA keeps in an engine's folder. */
function forgetCompiled(engineFolder: string): boolean {
  const folder = compiledFolder(engineFolder);
  const kept = existsSync(folder) && readdirSync(folder).length > 0;
  rmSync(folder, { recursive: true, force: true });
  return kept;
}

function makeEngine(loaded: LoadedBackend, compiler: Compiler | null): Engine {
  const compiles = compiler !== null;
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
      versions: { ...versions, ...(compiles && { jit: 'xla' }) },
    },
    ops: compiles ? new CompiledOps(backend) : new NativeOps(backend),
    evaluationBatch: device === 'gpu' ? 1000 : 200,
    fullCalls: compiles,
    load: (functions, stateSizes) => new GraphProgram(backend, functions, stateSizes, compiler),
  };
}

/** TensorFlow's native library from an installed engine's folder; a process opens one. */
export async function openNativeEngines(folder: string, threads: number): Promise<NativeEngines> {
  const loaded = await loadNativeBackend(folder, threads);
  const compiler = { forget: () => forgetCompiled(folder) };
  return { graph: makeEngine(loaded, null), compiled: makeEngine(loaded, compiler) };
}
