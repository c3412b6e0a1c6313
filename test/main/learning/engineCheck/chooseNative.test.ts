import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { chooseNative } from '../../../../src/main/learning/engineCheck/chooseNative.ts';
import { EagerProgram } from '../../../../src/main/learning/engine/eagerProgram.ts';
import type { Engine } from '../../../../src/main/learning/engine/engine.ts';
import { openWasmEngine } from '../../../../src/main/learning/engine/wasm/wasmEngine.ts';

let graph: Engine;
beforeAll(async () => {
  const engine = await openWasmEngine();
  graph = { ...engine, info: { ...engine.info, device: 'gpu', deterministic: false } };
});

/** The engine with another ReLU, which may change from call to call, and how often it was loaded. */
function withRelu(relu: (x: tf.Tensor) => tf.Tensor): { engine: Engine; loads: () => number } {
  let loads = 0;
  const engine: Engine = {
    ...graph,
    ops: { ...graph.ops, relu: <T extends tf.Tensor>(x: T) => relu(graph.ops.relu(x)) as T },
    load: (functions) => {
      loads += 1;
      return new EagerProgram(functions);
    },
  };
  return { engine, loads: () => loads };
}

it('a GPU computes by compiled steps that agree with the graph, which are compiled once to know it', () => {
  const { engine: compiled, loads } = withRelu((x) => x);
  const { engine, uncompiledReason } = chooseNative({ graph, compiled });
  expect(uncompiledReason).toBeNull();
  expect(engine.ops).toBe(compiled.ops);
  expect(engine.info.deterministic).toBe(true);
  expect(loads()).toBe(1);
});

it('is told where compiled steps do not repeat themselves', () => {
  let calls = 0;
  const { engine: compiled } = withRelu((x) => tf.mul(x, 1 + (calls += 1) * 1e-7));
  const { engine } = chooseNative({ graph, compiled });
  expect(engine.ops).toBe(compiled.ops);
  expect(engine.info.deterministic).toBe(false);
});

it('uses the graph, saying why, where they differ from it or do not come about', () => {
  const { engine: wrong } = withRelu((x) => tf.mul(x, 1.01));
  const differing = chooseNative({ graph, compiled: wrong });
  expect(differing.engine.ops).toBe(graph.ops);
  expect(differing.engine.info.deterministic).toBe(true);
  expect(differing.uncompiledReason).toMatch(/^XLA and the graph differ by 0\.\d+ in a test step$/);
  const { engine: failing } = withRelu(() => {
    throw new Error('no ptxas\nand more');
  });
  expect(chooseNative({ graph, compiled: failing }).uncompiledReason).toBe(
    'XLA does not compile a test step: no ptxas',
  );
});

it('a CPU computes by the graph, and nothing is tried', () => {
  const cpu: Engine = { ...graph, info: { ...graph.info, device: 'cpu' } };
  const { engine: compiled, loads } = withRelu((x) => x);
  expect(chooseNative({ graph: cpu, compiled })).toEqual({ engine: cpu, uncompiledReason: null });
  expect(loads()).toBe(0);
});
