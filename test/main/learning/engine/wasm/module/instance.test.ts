import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createInstance,
  type WasmBackend,
} from '../../../../../../src/main/learning/engine/wasm/module/instance.ts';
import { openWasmEngine } from '../../../../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { wasmOps } from '../../../../../../src/main/learning/engine/wasm/wasmOps.ts';
import { noise } from '../compare.ts';

beforeAll(async () => {
  await openWasmEngine();
});

const memoryBytes = (): number => {
  const { wasm } = tf.backend() as unknown as { wasm: { asm: { memory: WebAssembly.Memory } } };
  return wasm.asm.memory.buffer.byteLength;
};

/** Gradients through every kernel that lends memory or writes from JavaScript. */
function computeGradients(): tf.Tensor[] {
  const x = noise([16, 14, 14, 16], 1);
  const kernel = noise([3, 3, 16, 16], 2);
  const small = noise([2, 2, 16, 3], 3);
  const loss = (input: tf.Tensor, first: tf.Tensor, second: tf.Tensor): tf.Tensor => {
    const channels = tf.ones<tf.Rank.R1>([16]);
    const y = tf.conv2d(input as tf.Tensor4D, first as tf.Tensor4D, 1, 'same');
    const { y: normed } = wasmOps.batchNorm(y, channels, channels);
    const pooled = wasmOps.maxPool2x2(wasmOps.relu(wasmOps.biasAdd(normed, channels)));
    const last = tf.conv2d(pooled, second as tf.Tensor4D, 1, 'valid');
    const flat = tf.reshape(last, [16, -1]);
    return tf.sum(tf.matMul(tf.mean(tf.square(flat), 0, true), flat, false, true));
  };
  return tf.grads(loss)([x, kernel, small]);
}

const bitsOf = (tensors: tf.Tensor[]): Uint8Array[] =>
  tensors.map((tensor) => new Uint8Array(tensor.dataSync<'float32'>().slice().buffer));

describe('memory', () => {
  it('may grow in the middle of any kernel', () => {
    const before = memoryBytes();
    const kept: tf.Tensor[] = [];
    const wanted = bitsOf(tf.tidy(computeGradients));
    for (let i = 0; i < 60; i += 1) {
      // What is kept makes each step allocate at other addresses, and the heap grow at some of them.
      kept.push(tf.ones([(i + 1) * 10_007]));
      const results = tf.tidy(computeGradients);
      kept.push(...results);
      expect(bitsOf(results)).toEqual(wanted);
    }
    expect(memoryBytes()).toBeGreaterThan(before);
    tf.dispose(kept);
  });

  it('that kernels borrow is given back', () => {
    for (let i = 0; i < 5; i += 1) tf.tidy(() => void computeGradients());
    const [bytes, { numTensors }] = [memoryBytes(), tf.memory()];
    for (let i = 0; i < 100; i += 1) tf.tidy(() => void computeGradients());
    expect(memoryBytes()).toBe(bytes);
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});

describe('a full memory', () => {
  /** A backend whose heap has room for so many blocks. */
  function makeBackend(blocks: number) {
    const freed: number[] = [];
    let used = 0;
    const allocate = (): number => (used < blocks ? (used += 1) * 1024 : 0);
    const offsets = new Map<object, { memoryOffset: number }>();
    const backend = {
      wasm: {
        _malloc: allocate,
        _free: (address: number) => freed.push(address),
        asm: { memory: new WebAssembly.Memory({ initial: 1 }) },
      },
      dataIdMap: offsets,
      makeOutput(shape: number[], dtype: tf.DataType) {
        const dataId = {};
        offsets.set(dataId, { memoryOffset: allocate() });
        return { dataId, shape, dtype };
      },
      disposeData: (dataId: object) => offsets.delete(dataId),
    };
    return { instance: createInstance(backend as unknown as WasmBackend), freed, offsets };
  }

  it('is reported with what helps, and nothing stays borrowed', () => {
    const { instance, freed } = makeBackend(1);
    const borrow = (): void => {
      instance.borrow([1, 2 ** 20] as const, () => undefined);
    };
    const wanted = {
      code: 'OUT_OF_MEMORY',
      message: expect.stringContaining(' 4 MiB') as string,
      remedy: expect.stringContaining('batchSize') as string,
    };
    expect(borrow).toThrow(expect.objectContaining(wanted) as Error);
    expect(freed).toEqual([1024]);
  });

  it('is reported for outputs too', () => {
    const { instance, offsets } = makeBackend(0);
    const makeOutput = (): tf.TensorInfo => instance.makeOutput([1024, 1024]);
    expect(makeOutput).toThrow(expect.objectContaining({ code: 'OUT_OF_MEMORY' }) as Error);
    expect(offsets.size).toBe(0);
  });
});
