import * as tf from '@tensorflow/tfjs';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { composedOps, type Ops } from '../../../../../../src/main/learning/engine/ops.ts';
import { openWasmEngine } from '../../../../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { wasmOps } from '../../../../../../src/main/learning/engine/wasm/wasmOps.ts';
import { evaluate, forAll, noise, worstError } from '../compare.ts';

beforeAll(async () => {
  await openWasmEngine();
});

type Shape = [number, number, number, number];
interface Case {
  shape: Shape;
  seed: number;
}

const cases: fc.Arbitrary<Case> = fc.record({
  shape: fc.tuple(
    fc.constantFrom(1, 2, 5),
    fc.constantFrom(1, 2, 3, 4, 7),
    fc.constantFrom(2, 3, 4, 7),
    fc.constantFrom(1, 3, 4, 6, 8, 13),
  ),
  seed: fc.integer({ min: 1, max: 1000 }),
});

type Apply = (ops: Ops, x: tf.Tensor, gamma: tf.Tensor1D, beta: tf.Tensor1D) => tf.Tensor;

/** In one pass where there is one, else one after the other. */
function finish(
  ops: Ops,
  x: tf.Tensor4D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  bias: tf.Tensor1D | null,
): tf.Tensor {
  const mean = tf.mul<tf.Tensor1D>(0.3, gamma);
  const variance = tf.add<tf.Tensor1D>(0.5, tf.square(beta));
  if (ops.finishConvolution !== undefined) {
    return ops.finishConvolution(x, { bias, gamma, beta, mean, variance });
  }
  const added = bias === null ? x : ops.biasAdd(x, bias);
  return ops.relu(ops.batchNormInference(added, gamma, beta, mean, variance));
}

const layers: Record<string, Apply> = {
  biasAdd: (ops, x, _, beta) => ops.biasAdd(x, beta),
  relu: (ops, x) => ops.relu(x),
  maxPool2x2: (ops, x) => ops.maxPool2x2(x as tf.Tensor4D),
  batchNorm: (ops, x, gamma, beta) => ops.batchNorm(x as tf.Tensor4D, gamma, beta).y,
  batchNormInference: (ops, x, gamma, beta) =>
    ops.batchNormInference(
      x as tf.Tensor4D,
      gamma,
      beta,
      tf.mul(0.3, gamma),
      tf.add(0.5, tf.square(beta)),
    ),
  finishConvolution: (ops, x, gamma, beta) => finish(ops, x as tf.Tensor4D, gamma, beta, beta),
  'finishConvolution without bias': (ops, x, gamma, beta) =>
    finish(ops, x as tf.Tensor4D, gamma, beta, null),
};

/** Operands whose pooled and rectified values stay where they are under small changes. */
const operandsOf = ({ shape, seed }: Case): [tf.Tensor, tf.Tensor, tf.Tensor] => {
  const channels = shape[3];
  const x = noise(shape, seed);
  return [x, tf.add(1, noise([channels], seed + 1)), noise([channels], seed + 2)];
};

const weighted = (y: tf.Tensor, seed: number): tf.Tensor => tf.sum(tf.mul(y, noise(y.shape, seed)));

type Evaluate = (ops: Ops, apply: Apply, c: Case) => tf.Tensor[];

const values: Evaluate = (ops, apply, c) => {
  const [x, gamma, beta] = operandsOf(c);
  return [apply(ops, x, gamma as tf.Tensor1D, beta as tf.Tensor1D)];
};

/** Unused operands have no gradient in tfjs, so each is given an effect of its own. */
const effects = (operands: tf.Tensor[]): tf.Tensor =>
  tf.addN(operands.map((operand) => tf.sum(tf.mul(operand, 0.25))));

const firstGradients: Evaluate = (ops, apply, c) =>
  tf.grads((x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => {
    const y = apply(ops, x, gamma as tf.Tensor1D, beta as tf.Tensor1D);
    return tf.add(weighted(y, c.seed + 3), effects([x, gamma, beta]));
  })(operandsOf(c));

const gradientByX: Evaluate = (ops, apply, c) => firstGradients(ops, apply, c).slice(0, 1);

const secondGradients: Evaluate = (ops, apply, c) =>
  tf.grads((x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => {
    const inner = tf.grad((input: tf.Tensor) => {
      const y = apply(ops, input, gamma as tf.Tensor1D, beta as tf.Tensor1D);
      return weighted(tf.mul(tf.square(y), y), c.seed + 3);
    })(x);
    return tf.add(weighted(inner, c.seed + 4), effects([x, gamma, beta]));
  })(operandsOf(c));

/** Ours on our backend against the composed ones on the plain JavaScript backend. */
async function expectAgreement(
  evaluateWith: Evaluate,
  apply: Apply,
  c: Case,
  tolerance: number,
): Promise<void> {
  const actual = await evaluate('wasm', () => evaluateWith(wasmOps, apply, c));
  const wanted = await evaluate('cpu', () => evaluateWith(composedOps, apply, c));
  expect(actual.length).toBe(wanted.length);
  actual.forEach((result, i) => {
    expect(worstError(result, wanted[i] as number[])).toBeLessThan(tolerance);
  });
}

/** Batch norm of values that are nearly equal divides by nearly nothing. */
const isWellConditioned = (name: string, { shape: [batch, height, width] }: Case): boolean =>
  name !== 'batchNorm' || batch * height * width >= 8;
const poolable = (name: string, { shape: [, height] }: Case): boolean =>
  name !== 'maxPool2x2' || height >= 2;

describe.each(Object.entries(layers))('%s', (name, apply) => {
  const usable = cases.filter((c) => isWellConditioned(name, c) && poolable(name, c));
  it('has the values of the composed operation', () =>
    forAll(usable, (c) => expectAgreement(values, apply, c, 1e-5)));
  it('has its gradients', () =>
    forAll(usable, (c) => expectAgreement(firstGradients, apply, c, 5e-5)));
  it('has its second gradients', () =>
    forAll(usable, (c) => expectAgreement(secondGradients, apply, c, 5e-4), 20));

  it('gives the same bits every time', async () => {
    const c: Case = { shape: [3, 7, 7, 13], seed: 4 };
    const once = (): Promise<number[][]> =>
      evaluate('wasm', () => secondGradients(wasmOps, apply, c));
    expect(await once()).toEqual(await once());
  });
});

it('finishing a convolution in one pass gives the bits of its parts', () =>
  forAll(
    cases,
    async (c) => {
      const apart: Ops = { ...wasmOps };
      delete apart.finishConvolution;
      for (const apply of [layers.finishConvolution, layers['finishConvolution without bias']]) {
        for (const evaluateWith of [values, gradientByX]) {
          const [whole, parts] = await Promise.all(
            [wasmOps, apart].map((ops) =>
              evaluate('wasm', () => evaluateWith(ops, apply as Apply, c)),
            ),
          );
          expect(whole).toEqual(parts);
        }
      }
    },
    20,
  ));

it('operations refuse shapes that do not fit', async () => {
  await tf.setBackend('wasm');
  const x: tf.Tensor4D = tf.ones([1, 2, 2, 3]);
  const [two, three] = [tf.ones<tf.Rank.R1>([2]), tf.ones<tf.Rank.R1>([3])];
  expect(() => wasmOps.biasAdd(x, two)).toThrow(/biasAdd.*\[2\].*\[1, 2, 2, 3\]/);
  expect(() => wasmOps.batchNorm(x, three, two)).toThrow(/batchNorm/);
  const flat = x.reshape([4, 3]);
  expect(() => wasmOps.batchNorm(flat as unknown as tf.Tensor4D, three, three)).toThrow(
    'batchNorm: [4, 3] is not [B, H, W, K]',
  );
  expect(() => wasmOps.batchNormInference(x, three, three, two, three)).toThrow(/Inference/);
  expect(() => wasmOps.maxPool2x2(three as unknown as tf.Tensor4D)).toThrow(/maxPool2x2/);
  tf.dispose([x, flat, two, three]);
});

describe('batchNorm', () => {
  it('keeps its digits where the mean is large', async () => {
    const x = (): tf.Tensor4D => tf.add(1000, noise([8, 4, 4, 5], 1));
    const [actual, mean, variance] = await evaluate('wasm', () => {
      const one = tf.ones<tf.Rank.R1>([5]);
      const normed = wasmOps.batchNorm(x(), one, tf.zeros([5]));
      return [normed.y, normed.mean, normed.variance];
    });
    const [input = []] = await evaluate('cpu', x);
    for (let k = 0; k < 5; k += 1) {
      const column = input.filter((_, i) => i % 5 === k);
      const trueMean = column.reduce((sum, value) => sum + value, 0) / column.length;
      const squares = column.reduce((sum, value) => sum + (value - trueMean) ** 2, 0);
      const deviation = Math.sqrt(squares / column.length + 1e-5);
      expect(Math.abs((mean?.[k] ?? 0) - trueMean)).toBeLessThan(1e-3);
      expect(variance?.[k]).toBeCloseTo(squares / (column.length - 1), 3);
      expect(Math.abs((actual?.[k] ?? 0) - ((column[0] ?? 0) - trueMean) / deviation)).toBeLessThan(
        1e-2,
      );
    }
  });
});

describe('maxPool2x2', () => {
  it('lets NaN show', async () => {
    const [values_] = await evaluate('wasm', () =>
      wasmOps.maxPool2x2(tf.tensor4d([1, Number.NaN, 3, 2], [1, 2, 2, 1])),
    );
    expect(values_).toEqual([Number.NaN]);
  });
});

describe('relu', () => {
  it('lets NaN show', async () => {
    const [values_] = await evaluate('wasm', () => wasmOps.relu(tf.tensor1d([Number.NaN, -1, 2])));
    expect(values_).toEqual([Number.NaN, 0, 2]);
  });
});
