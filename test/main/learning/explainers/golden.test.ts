import { beforeAll } from 'vitest';
import type { Engine } from '../../../../src/main/learning/engine/engine.ts';
import { openWasmEngine } from '../../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { describeExplainers } from '../../../support/explainersSuite.ts';

let engine: Engine;

beforeAll(async () => {
  engine = await openWasmEngine();
});

describeExplainers(() => engine);
