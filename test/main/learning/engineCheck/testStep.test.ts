import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { expect, onTestFinished, test } from 'vitest';
import {
  compareSteps,
  computeTestStep,
  repeatsTestStep,
  runTestStep,
} from '../../../../src/main/learning/engineCheck/testStep.ts';
import { EagerProgram } from '../../../../src/main/learning/engine/eagerProgram.ts';
import type { Engine } from '../../../../src/main/learning/engine/engine.ts';
import type { Ops } from '../../../../src/main/learning/engine/ops.ts';
import { openWasmEngine } from '../../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { referenceEngine } from '../../../support/referenceEngine.ts';

test('the JavaScript backend computes what the embedded engine does', async () => {
  await tf.setBackend('cpu');
  const tensors = tf.memory().numTensors;
  const difference = await runTestStep(referenceEngine);
  // Two backends never agree to the bit: 0 would be one compared with itself.
  expect(difference).toBeGreaterThan(0);
  expect(difference).toBeLessThan(2e-5);
  expect(tf.memory().numTensors).toBe(tensors);
});

test('a step that repeats itself is told from one that does not', async () => {
  const engine = await openWasmEngine();
  expect(repeatsTestStep(engine)).toBe(true);
  let calls = 0;
  const relu: Ops['relu'] = (x) => {
    calls += 1;
    return tf.mul(engine.ops.relu(x), 1 + calls * 1e-6);
  };
  // A recording would repeat the first.
  const load: Engine['load'] = (functions) => new EagerProgram(functions);
  expect(repeatsTestStep({ ...engine, ops: { ...engine.ops, relu }, load })).toBe(false);
});

test.each(['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter', 'BatchMatMul'])(
  'a wrong %s is found',
  async (kernelName) => {
    const engine = await openWasmEngine();
    const kernel = tf.getKernel(kernelName, 'wasm');
    const register = (kernelFunc: tf.KernelFunc): void => {
      tf.unregisterKernel(kernelName, 'wasm');
      tf.registerKernel({ ...kernel, kernelFunc });
    };
    register((parameters) => {
      const result = kernel.kernelFunc(parameters) as tf.TensorInfo;
      const data = (parameters.backend as BackendWasm).typedArrayFromHeap(result);
      data[7] = (data[7] ?? 0) * 2 + 0.25;
      return result;
    });
    onTestFinished(() => {
      register(kernel.kernelFunc);
    });
    const wrong = computeTestStep(engine);
    register(kernel.kernelFunc);
    const right = computeTestStep(engine);
    expect(compareSteps(right, computeTestStep(engine))).toBe(0);
    expect(compareSteps(right, wrong)).toBeGreaterThan(1e-3);
  },
);
