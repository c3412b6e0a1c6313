import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-cpu';
import * as fc from 'fast-check';
import { expect } from 'vitest';

/** The values of tensors that a function makes on a backend, one array for each. */
export async function evaluate(
  backend: 'wasm' | 'cpu',
  fn: () => tf.Tensor | tf.Tensor[],
): Promise<number[][]> {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const values = tf.tidy(() => [fn()].flat().map((tensor) => Array.from(tensor.dataSync())));
  expect(tf.memory().numTensors).toBe(before);
  return values;
}

/** Largest difference over the largest magnitude, so that values that cancel are not held to zero. */
export function worstError(actual: readonly number[], wanted: readonly number[]): number {
  expect(actual.length).toBe(wanted.length);
  const scale = wanted.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-6);
  return actual.reduce(
    (worst, value, i) => Math.max(worst, Math.abs(value - (wanted[i] as number)) / scale),
    0,
  );
}

/** Runs the function on both backends and compares what it makes. */
export async function expectSame(
  fn: () => tf.Tensor | tf.Tensor[],
  tolerance = 1e-5,
): Promise<void> {
  const [actual, wanted] = [await evaluate('wasm', fn), await evaluate('cpu', fn)];
  expect(actual.length).toBe(wanted.length);
  actual.forEach((values, i) => {
    expect(worstError(values, wanted[i] as number[])).toBeLessThanOrEqual(tolerance);
  });
}

/** Reproducible values in [-1, 1), of which some are equal, zero or negative zero. */
export function noise(shape: number[], seed: number): tf.Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  let state = seed * 2654435761 + 12345;
  const values = Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % 16 === 0 ? ([0, -0, 0.5, -0.5][(state >>> 8) % 4] ?? 0) : state / 2 ** 31 - 1;
  });
  return tf.tensor(values, shape);
}

/** A property over random cases, few enough for seconds. */
export const forAll = <T>(
  cases: fc.Arbitrary<T>,
  check: (value: T) => Promise<void>,
  numRuns = 40,
): Promise<void> => fc.assert(fc.asyncProperty(cases, check), { numRuns, seed: 17 });
