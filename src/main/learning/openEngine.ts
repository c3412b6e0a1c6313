import { AfterimageError } from '../../core/errors.ts';
import type { TrainerJob } from '../../shared/trainerEvents.ts';
import type { Engine } from './engine/engine.ts';

/** Where an engine cannot promise the same bits again, what it does with them is tried. */
async function measureDeterminism(engine: Engine): Promise<Engine> {
  if (engine.info.deterministic) return engine;
  const { repeatsTestStep } = await import('./engineCheck/testStep.ts');
  return { ...engine, info: { ...engine.info, deterministic: repeatsTestStep(engine) } };
}

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
      const { openNativeEngine } = await import('./engine/native/nativeEngine.ts');
      if (engineFolder === null) {
        throw new AfterimageError(
          'ENGINE_UNAVAILABLE',
          'The native engine is not installed.',
          'Install it with `engine install`, or train with `--engine wasm`.',
        );
      }
      return measureDeterminism(await openNativeEngine(engineFolder, threads));
    }
  }
}
