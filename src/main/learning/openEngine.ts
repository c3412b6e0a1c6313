import { AfterimageError } from '../../core/errors.ts';
import type { TrainerJob } from '../../shared/trainerEvents.ts';
import type { Engine } from './engine/engine.ts';

/** Opens an engine in this process; a process opens one. Loads nothing of the other engines. */
export async function openEngine({
  engine,
  engineFolder,
  threads,
}: Pick<TrainerJob, 'engine' | 'engineFolder' | 'threads'>): Promise<Engine> {
  switch (engine) {
    case 'wasm': {
      const { openWasmEngine } = await import('./engine/wasm/wasmEngine.ts');
      return openWasmEngine(threads);
    }
    case 'native': {
      const [{ openNativeEngines }, { chooseNative }] = await Promise.all([
        import('./engine/native/nativeEngine.ts'),
        import('./engineCheck/chooseNative.ts'),
      ]);
      if (engineFolder === null) {
        throw new AfterimageError(
          'ENGINE_UNAVAILABLE',
          'The native engine is not installed.',
          'Install it with `engine install`, or train with `--engine wasm`.',
        );
      }
      return chooseNative(await openNativeEngines(engineFolder, threads)).engine;
    }
  }
}
