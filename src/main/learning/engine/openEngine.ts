import { AfterimageError } from '../../../core/errors.ts';
import type { TrainerJob } from '../../../shared/trainerEvents.ts';
import type { Engine } from './engine.ts';

/** Opens an engine in this process; a process opens one. Loads nothing of the other engines. */
export async function openEngine({
  engine,
  engineFolder,
  threads,
}: Pick<TrainerJob, 'engine' | 'engineFolder' | 'threads'>): Promise<Engine> {
  switch (engine) {
    case 'wasm': {
      const { openWasmEngine } = await import('./wasm/wasmEngine.ts');
      return openWasmEngine();
    }
    case 'native': {
      const { openNativeEngine } = await import('./native/nativeEngine.ts');
      if (engineFolder === null) {
        throw new AfterimageError(
          'ENGINE_UNAVAILABLE',
          'The native engine is not installed.',
          'Install it with `engine install`, or train with `--engine wasm`.',
        );
      }
      return openNativeEngine(engineFolder, threads);
    }
  }
}
