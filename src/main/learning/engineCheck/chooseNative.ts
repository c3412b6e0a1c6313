import { isDeepStrictEqual } from 'node:util';
import type { Engine } from '../engine/engine.ts';
import type { NativeEngines } from '../engine/native/nativeEngine.ts';
import { compareSteps, computeTestStep, computeTestSteps, repeatsTestStep } from './testStep.ts';

/** Relative difference up to which two orders of the same float32 sums may differ. */
const noise = 1e-4;

export interface NativeChoice {
  engine: Engine;
  /** Why steps are not compiled on a device where they could be; null where they are or need not be. */
  uncompiledReason: string | null;
}

const withRepeats = (engine: Engine, deterministic: boolean): Engine => ({
  ...engine,
  info: { ...engine.info, deterministic },
});

/**
 * The compiled engine, told whether it repeats itself; or why it cannot be used: it fails, or computes
 * something else than the graph. Compiles once for both questions, which takes seconds.
 */
function tryCompiler({ graph, compiled }: NativeEngines): Engine | string {
  try {
    const [once = [], again] = computeTestSteps(compiled, 2);
    const difference = compareSteps(computeTestStep(graph), once);
    return difference < noise
      ? withRepeats(compiled, isDeepStrictEqual(once, again))
      : `XLA and the graph differ by ${difference.toPrecision(2)} in a test step`;
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return `XLA does not compile a test step: ${line}`;
  }
}

/**
 * How a device computes: a GPU by compiled steps where they agree with the graph, a CPU by the graph. Of
 * an engine that cannot promise the same bits again, says whether it gave them for a test step.
 */
export function chooseNative(engines: NativeEngines): NativeChoice {
  const { graph } = engines;
  if (graph.info.device !== 'gpu') return { engine: graph, uncompiledReason: null };
  const tried = tryCompiler(engines);
  return typeof tried === 'string'
    ? { engine: withRepeats(graph, repeatsTestStep(graph)), uncompiledReason: tried }
    : { engine: tried, uncompiledReason: null };
}
