import * as tf from '@tensorflow/tfjs';

/**
 * The gradient of a scalar function of one tensor by central differences. In float32 a step of 1e-2
 * leaves about three digits; choose inputs away from kinks.
 */
export function numericalGradient(
  fn: (x: tf.Tensor) => tf.Tensor,
  x: tf.Tensor,
  step = 1e-2,
): number[] {
  const values = x.dataSync();
  const at = (index: number, change: number): number =>
    tf.tidy(() => {
      const moved = Float32Array.from(values, (value, i) => (i === index ? value + change : value));
      return fn(tf.tensor(moved, x.shape)).dataSync()[0] ?? Number.NaN;
    });
  return Array.from(values.keys(), (i) => (at(i, step) - at(i, -step)) / (2 * step));
}

/** The gradient by tfjs. */
export const tapeGradient = (fn: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): Float32Array =>
  tf.tidy(() => tf.grad(fn)(x).dataSync<'float32'>().slice());

const goldenRatio = 0.6180339887498949;

/** Distinct, well-spread values in [low, high), the same at every call; `ratio` picks the sequence. */
export function spread(shape: number[], low = -1, high = 1, ratio = goldenRatio): tf.Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Float32Array.from(
    { length: size },
    (_, i) => low + (high - low) * (((i + 1) * ratio) % 1),
  );
  return tf.tensor(values, shape);
}
