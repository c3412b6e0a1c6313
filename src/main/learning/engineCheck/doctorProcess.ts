/**
 * The doctor's process: loads the engine of the folder given, with the threads given, runs a test
 * step and prints one line of JSON, what it found or why it failed. It may crash; its parent expects it.
 */
import { AfterimageError } from '../../../core/errors.ts';
import { openNativeEngines } from '../engine/native/nativeEngine.ts';
import { chooseNative } from './chooseNative.ts';
import { repeatsTestStep, runTestStep } from './testStep.ts';

const [folder = '', threads = '1'] = process.argv.slice(2);

try {
  const started = performance.now();
  const engines = await openNativeEngines(folder, Number(threads));
  const loadMs = Math.round(performance.now() - started);
  const checked = performance.now();
  const { engine, uncompiledReason } = chooseNative(engines);
  const compileMs = Math.round(performance.now() - checked);
  const deterministic = repeatsTestStep(engine);
  const largestDifference = await runTestStep(engine);
  const { device, versions } = engine.info;
  const { tensorflow, jit: compiler = null } = versions;
  const numbers = { largestDifference, deterministic };
  const compiled = { compiler, compileMs: compiler === null ? null : compileMs, uncompiledReason };
  const found = { tensorflow, device, threads: Number(threads), loadMs, ...compiled, ...numbers };
  process.stdout.write(`${JSON.stringify(found)}\n`);
} catch (error) {
  const { code, message, remedy } =
    error instanceof AfterimageError
      ? error
      : {
          code: 'ENGINE_UNAVAILABLE',
          message: `The engine fails in its test step: ${error instanceof Error ? error.message : String(error)}`,
          remedy: 'Install the engine again with `engine install`.',
        };
  process.stdout.write(`${JSON.stringify({ code, message, remedy })}\n`);
}
