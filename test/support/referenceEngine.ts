import '@tensorflow/tfjs-backend-cpu';
import { EagerProgram } from '../../src/main/learning/engine/eagerProgram.ts';
import type { Engine } from '../../src/main/learning/engine/engine.ts';
import { composedOps } from '../../src/main/learning/engine/ops.ts';

/**
 * tfjs's plain JavaScript backend with composed operations: too slow to train on, and what the other
 * engines are compared with. The caller sets the backend.
 */
export const referenceEngine: Engine = {
  info: { name: 'wasm', device: 'cpu', threads: 1, deterministic: true, versions: {} },
  ops: composedOps,
  evaluationBatch: 200,
  fullCalls: false,
  load: (functions) => new EagerProgram(functions),
};
