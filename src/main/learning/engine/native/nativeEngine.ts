import type { Engine } from '../engine.ts';
import { GraphCompiler } from './graphTracer.ts';
import { loadNativeBackend } from './load.ts';
import type { NativeBackend } from './nativeBackend.ts';
import { NativeOps } from './nativeOps.ts';

/** TensorFlow's native library from an installed engine's folder; functions run as its graphs. */
export async function openNativeEngine(folder: string, threads: number): Promise<Engine> {
  const loaded = await loadNativeBackend(folder, threads);
  // The package's own types hide what it takes to run a recorded graph.
  const backend: unknown = loaded.backend;
  const compiler = new GraphCompiler(backend as NativeBackend);
  return {
    info: {
      name: 'native',
      device: loaded.device,
      threads: loaded.threads,
      deterministic: loaded.device === 'cpu',
      versions: loaded.versions,
    },
    ops: new NativeOps(backend as NativeBackend),
    compile: (fn) => compiler.compile(fn),
    close: () => {
      compiler.close();
    },
  };
}
