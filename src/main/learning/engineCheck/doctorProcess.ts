/**
 * The doctor's process: loads the engine of the folder given, with the threads given, runs a test
 * step and prints one line of JSON, what it found or why it failed. It may crash; its parent expects it.
 */
import { AfterimageError } from '../../../core/errors.ts';
import { openNativeEngine } from '../engine/native/nativeEngine.ts';
import { repeatsTestStep, runTestStep } from './testStep.ts';

const [folder = '', threads = '1'] = process.argv.slice(2);

try {
  const started = performance.now();
  const engine = await openNativeEngine(folder, Number(threads));
  const loadMs = Math.round(performance.now() - started);
  const deterministic = repeatsTestStep(engine);
  const largestDifference = await runTestStep(engine);
  const { device, versions } = engine.info;
  const { tensorflow } = versions;
  const numbers = { largestDifference, deterministic };
  const found = { tensorflow, device, threads: Number(threads), loadMs, ...numbers };
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
