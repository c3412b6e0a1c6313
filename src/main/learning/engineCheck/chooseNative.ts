import type { Engine } from '../engine/engine.ts';
import type { NativeEngines } from '../engine/native/nativeEngine.ts';
import { computeTestStep, compareSteps, repeatsTestStep } from './testStep.ts';

/** Relative difference up to which two orders of the same float32 sums may differ. */
const noise = 1e-4;

export interface NativeChoice {
  engine: Engine;
  /** Why steps are not compiled on a device where they could be; null where they are or need not be. */
  uncompiledReason: string | null;
}

/** Why the compiler cannot be used: it fails, or computes something else than the graph. */
function refuseCompiler({ graph, compiled }: NativeEngines): string | null {
  try {
    const difference = compareSteps(computeTestStep(graph), computeTestStep(compiled));
    return difference < noise
      ? null
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
  if (engines.graph.info.device !== 'gpu') return { engine: engines.graph, uncompiledReason: null };
  const uncompiledReason = refuseCompiler(engines);
  const engine = uncompiledReason === null ? engines.compiled : engines.graph;
  const info = { ...engine.info, deterministic: repeatsTestStep(engine) };
  return { engine: { ...engine, info }, uncompiledReason };
}
