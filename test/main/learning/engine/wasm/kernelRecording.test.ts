import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { positionOf } from '../../../../../src/core/stepDraws.ts';
import { EagerProgram } from '../../../../../src/main/learning/engine/eagerProgram.ts';
import type { Engine, StateFunction } from '../../../../../src/main/learning/engine/engine.ts';
import type { WasmBackend } from '../../../../../src/main/learning/engine/wasm/module/instance.ts';
import { openWasmEngine } from '../../../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { noise } from './compare.ts';

let engine: Engine;
beforeAll(async () => {
  // Threads, so that kernels are prepared while others are at work.
  engine = await openWasmEngine(3);
});

/** How often its function ran, as a function rather than as its kernels. */
interface Counted {
  fn: StateFunction;
  runs: number;
}

function count(fn: StateFunction): Counted {
  const counted: Counted = {
    runs: 0,
    fn: (...given) => {
      counted.runs += 1;
      return fn(...given);
    },
  };
  return counted;
}

function load(fn: StateFunction) {
  const program = engine.load({ fn }, [2]);
  program.writeState([Float32Array.of(1, 2)]);
  onTestFinished(() => {
    program.close();
  });
  return program;
}

/** Results of a run as plain values; whatever went in or came out is disposed. */
function run(program: ReturnType<typeof load>, ...inputs: tf.Tensor[]): number[][] {
  const outputs = program.run('fn', inputs);
  const values = outputs.map((output) => Array.from(output.dataSync()));
  tf.dispose([...inputs, ...outputs]);
  return values;
}

/** Views of one tensor, a list of inputs, several outputs, a constant, a gradient and results of every kind. */
const everything: StateFunction = ([x], [state]) => {
  const [input, old] = [x as tf.Tensor, state as tf.Tensor1D];
  const rows = tf.reshape(input, [2, 3]);
  const [first, second] = tf.split(rows, 2) as [tf.Tensor, tf.Tensor];
  const gradient = tf.grad((y) => tf.sum(tf.mul(tf.square(y), tf.tensor1d([1, 2, 3]))))(first);
  const joined = tf.concat([first, second, gradient], 1);
  const next = tf.add<tf.Tensor1D>(old, tf.sum(input));
  return {
    outputs: [joined, rows, tf.reshape(joined, [3, 3]), tf.clone(old), tf.scalar(7)],
    state: [next],
  };
};

it('gives what the function itself gives, on whatever values, and runs it once', () => {
  const counted = count(everything);
  const recorded = load(counted.fn);
  const itself = new EagerProgram({ fn: everything });
  itself.writeState([Float32Array.of(1, 2)]);
  for (const k of [1, 2, 3, 4]) {
    const input = () => tf.tensor1d([k, -k, 2, 3 * k, 5, k / 2]);
    expect(run(recorded, input())).toEqual(run(itself, input()));
    expect(recorded.readState()).toEqual(itself.readState());
  }
  itself.close();
  expect(counted.runs).toBe(1);
});

it('chooses anew in each run, and keeps what it does not choose', () => {
  const program = load(([flag, x]) => {
    const doubled = tf.mul(x as tf.Tensor, 2);
    const condition = tf.greater(flag as tf.Tensor, 0);
    const chosen = tf.where(condition, doubled, tf.zerosLike(doubled));
    return { outputs: [chosen, tf.add(doubled, 1)] };
  });
  for (const flags of [
    [1, 1],
    [0, 0],
    [1, 0],
    [1, 1],
  ]) {
    const [chosen, added] = run(program, tf.tensor1d(flags), tf.tensor1d([3, 4]));
    expect(chosen).toEqual([6 * (flags[0] as number), 8 * (flags[1] as number)]);
    expect(added).toEqual([7, 9]);
  }
});

it('gives what a network gives at once, though its kernels are prepared ahead and its memory is given back', () => {
  const network: StateFunction = ([x, kernel]) => {
    const loss = (images: tf.Tensor, weights: tf.Tensor): tf.Tensor => {
      const y = tf.conv2d(images as tf.Tensor4D, weights as tf.Tensor4D, 1, 'same');
      const channels = tf.ones<tf.Rank.R1>([16]);
      const { y: normed } = engine.ops.batchNorm(y, channels, channels);
      const pooled = engine.ops.maxPool2x2(engine.ops.relu(engine.ops.biasAdd(normed, channels)));
      return tf.sum(tf.square(tf.conv2d(pooled, weights as tf.Tensor4D, 1, 'valid')));
    };
    return { outputs: tf.grads(loss)([x as tf.Tensor, kernel as tf.Tensor]) };
  };
  const recorded = load(network);
  const itself = new EagerProgram({ fn: network });
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const inputs = () => [noise([16, 14, 14, 16], seed), noise([3, 3, 16, 16], seed + 10)];
    expect(run(recorded, ...inputs())).toEqual(run(itself, ...inputs()));
  }
});

it('writes over nothing that is needed again, nor over what it was given', () => {
  const program = load(([x, scale], [state]) => {
    const [input, old] = [x as tf.Tensor, state as tf.Tensor1D];
    const [kept, passing] = [tf.mul(input, 2), tf.add(input, 1)];
    const squared = tf.square(passing);
    const half = tf.mul(squared, scale as tf.Tensor);
    const sum = engine.ops.biasAdd(tf.relu(tf.sub(half, kept)), tf.tensor1d([10, 20]));
    return { outputs: [sum, kept, tf.mul(kept, kept), half], state: [tf.add(old, old)] };
  });
  const input = tf.tensor1d([3, 4]);
  for (let time = 0; time < 3; time += 1) {
    const outputs = program.run('fn', [input, tf.scalar(0.5)]);
    expect(outputs.map((output) => Array.from(output.dataSync()))).toEqual([
      [8 - 6 + 10, 12.5 - 8 + 20],
      [6, 8],
      [36, 64],
      [8, 12.5],
    ]);
    tf.dispose(outputs);
    expect(Array.from(input.dataSync())).toEqual([3, 4]);
    expect(Array.from(program.readState()[0] as Float32Array)).toEqual([
      2 ** time * 2,
      2 ** time * 4,
    ]);
  }
  input.dispose();
});

it('is recorded for each shape and type of its inputs', () => {
  const counted = count(([x]) => ({ outputs: [tf.mul(x as tf.Tensor, 2)] }));
  const program = load(counted.fn);
  const inputs = [() => tf.ones([2]), () => tf.ones([3]), () => tf.ones([2], 'int32')];
  for (const input of [...inputs, ...inputs]) {
    const [values] = run(program, input());
    expect(new Set(values)).toEqual(new Set([2]));
  }
  expect(counted.runs).toBe(3);
});

it('draws what stands at the place that it is given', () => {
  const program = load(([position]) => ({
    outputs: [engine.ops.dropoutMask(position as tf.Tensor1D, [4, 16], 0.5)],
  }));
  const at = (step: number) => tf.tensor1d(positionOf({ seed: 3, epoch: 1, step }, 'dropout'));
  const masks = [0, 1, 2, 1].map((step) => run(program, tf.cast(at(step), 'int32'))[0]);
  expect(masks[3]).toEqual(masks[1]);
  expect(new Set(masks.map(String)).size).toBe(3);
});

const used = (): [number, number] => [tf.memory().numTensors, tf.memory().numDataBuffers];

const idsOf = (): number => tf.backend().numDataIds();

it('gives back all that it made, and its constants when it is closed', () => {
  const [tensors, ids] = [used(), idsOf()];
  const program = engine.load({ fn: everything }, [2]);
  program.writeState([Float32Array.of(1, 2)]);
  const once = () => run(program, tf.tensor1d([1, 2, 3, 4, 5, 6]));
  once();
  const after = [used(), idsOf()];
  for (let k = 0; k < 5; k += 1) once();
  expect([used(), idsOf()]).toEqual(after);
  program.close();
  expect([used(), idsOf()]).toEqual([tensors, ids]);
});

it('keeps no constant of a function that fails as it is recorded', () => {
  const before = [used(), idsOf()];
  const program = engine.load(
    {
      fn: ([x]) => {
        tf.mul(x as tf.Tensor, tf.tensor1d([3, 4]));
        throw new Error('broken');
      },
    },
    [],
  );
  const input = tf.tensor1d([1, 2]);
  expect(() => program.run('fn', [input])).toThrow('broken');
  input.dispose();
  program.close();
  expect([used(), idsOf()]).toEqual(before);
});

it('gives back what it made where a kernel fails, and works the next time', () => {
  let isBroken = false;
  tf.registerKernel({
    kernelName: 'SometimesBroken',
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend }) => {
      if (isBroken) throw new Error('broken');
      const { shape, dtype } = inputs['x'] as tf.TensorInfo;
      return (backend as unknown as WasmBackend).makeOutput(shape, dtype);
    },
  });
  onTestFinished(() => {
    tf.unregisterKernel('SometimesBroken', 'wasm');
  });
  const program = load(([x]) => {
    const doubled = tf.mul(x as tf.Tensor, 2);
    const broken = tf.engine().runKernel<tf.Tensor>('SometimesBroken', { x: doubled });
    return { outputs: [tf.add(doubled, tf.mul(broken, 0))] };
  });
  const input = tf.tensor1d([1, 2]);
  tf.dispose(program.run('fn', [input]));
  const before = [used(), idsOf()];
  isBroken = true;
  expect(() => program.run('fn', [input])).toThrow('broken');
  expect([used(), idsOf()]).toEqual(before);
  isBroken = false;
  expect(run(program, input)).toEqual([[2, 4]]);
});
