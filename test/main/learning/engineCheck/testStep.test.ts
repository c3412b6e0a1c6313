import * as tf from '@tensorflow/tfjs';
import { expect, onTestFinished, test } from 'vitest';
import {
  repeatsTestStep,
  runTestStep,
} from '../../../../src/main/learning/engineCheck/testStep.ts';
import type { Ops } from '../../../../src/main/learning/engine/ops.ts';
import { openWasmEngine } from '../../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { referenceEngine } from '../../../support/referenceEngine.ts';

test('the JavaScript backend computes what the embedded engine does', async () => {
  await tf.setBackend('cpu');
  const tensors = tf.memory().numTensors;
  expect(await runTestStep(referenceEngine)).toBeLessThan(2e-5);
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
  expect(repeatsTestStep({ ...engine, ops: { ...engine.ops, relu } })).toBe(false);
});

test.each(['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter', 'BatchMatMul'])(
  'a wrong %s is found',
  async (kernelName) => {
    await tf.setBackend('cpu');
    const kernel = tf.getKernel(kernelName, 'cpu');
    const register = (kernelFunc: tf.KernelFunc): void => {
      tf.unregisterKernel(kernelName, 'cpu');
      tf.registerKernel({ kernelName, backendName: 'cpu', kernelFunc });
    };
    onTestFinished(() => {
      register(kernel.kernelFunc);
    });
    register((parameters) => {
      const result = kernel.kernelFunc(parameters) as tf.TensorInfo;
      const values = parameters.backend as { readSync: (id: object) => Float32Array };
      const data = values.readSync(result.dataId);
      data[7] = (data[7] ?? 0) * 2 + 0.25;
      return result;
    });
    expect(await runTestStep(referenceEngine)).toBeGreaterThan(1e-3);
  },
);
