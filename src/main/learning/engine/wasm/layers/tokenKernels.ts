import type * as tf from '@tensorflow/tfjs';
import { layerNormEpsilon } from '../../layerNorm.ts';
import { registerKernel, type KernelCall } from '../register.ts';

/** Kernels for networks of tokens, which tfjs lacks; plain loops that the engine of Node compiles. */
export const tokenKernels = {
  gelu: 'AfterimageGelu',
  layerNorm: 'AfterimageLayerNorm',
  layerNormGradient: 'AfterimageLayerNormGradient',
} as const;

const sizeOf = ({ shape }: tf.TensorInfo): number => shape.reduce((size, n) => size * n, 1);

const densityScale = 1 / Math.sqrt(2 * Math.PI);

/**
 * The error function's complement times exp(u²), for u >= 0, within 1.5e-7: formula 7.1.26 of Abramowitz
 * and Stegun.
 */
function scaledComplement(u: number): number {
  const t = 1 / (1 + 0.3275911 * u);
  return (
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  );
}

/** A derivative of x Φ(x), with x [...]; `order` 0, 1 or 2. */
function gelu({ instance, input, attributes }: KernelCall<{ order: number }>): tf.TensorInfo {
  const x = input('x');
  const out = instance.makeOutput(x.shape);
  const size = sizeOf(x);
  const values = instance.viewOf(instance.addressOf(x), size);
  const results = instance.viewOf(instance.addressOf(out), size);
  const { order } = attributes;
  for (let i = 0; i < size; i += 1) {
    const value = values[i] as number;
    const bell = Math.exp(-0.5 * value * value);
    const tail = 0.5 * bell * scaledComplement(Math.abs(value) * Math.SQRT1_2);
    const below = value < 0 ? tail : 1 - tail;
    if (order === 0) results[i] = value * below;
    else if (order === 1) results[i] = below + value * bell * densityScale;
    else results[i] = bell * densityScale * (2 - value * value);
  }
  return out;
}

/** Mean of a row, and one over the root of its variance and epsilon. */
function measureRow(values: Float32Array, start: number, end: number): [number, number] {
  let sum = 0;
  for (let i = start; i < end; i += 1) sum += values[i] as number;
  const mean = sum / (end - start);
  let squares = 0;
  for (let i = start; i < end; i += 1) squares += ((values[i] as number) - mean) ** 2;
  return [mean, 1 / Math.sqrt(squares / (end - start) + layerNormEpsilon)];
}

/** x [..., K], gamma [K], beta [K] -> [..., K] */
function layerNorm({ instance, input }: KernelCall<object>): tf.TensorInfo {
  const [x, gamma, beta] = [input('x'), input('gamma'), input('beta')];
  const y = instance.makeOutput(x.shape);
  const [size, channels] = [sizeOf(x), sizeOf(gamma)];
  const values = instance.viewOf(instance.addressOf(x), size);
  const results = instance.viewOf(instance.addressOf(y), size);
  const scales = instance.viewOf(instance.addressOf(gamma), channels);
  const shifts = instance.viewOf(instance.addressOf(beta), channels);
  for (let start = 0; start < size; start += channels) {
    const [mean, inverse] = measureRow(values, start, start + channels);
    for (let k = 0; k < channels; k += 1) {
      const normalized = ((values[start + k] as number) - mean) * inverse;
      results[start + k] = normalized * (scales[k] as number) + (shifts[k] as number);
    }
  }
  return y;
}

/**
 * dy and x [..., K], gamma [K] -> dx, dgamma, dbeta: with n = (x - mean) / s and g = dy gamma, dx of a row
 * is (g - mean(g) - n mean(g n)) / s.
 */
function layerNormGradient({
  instance,
  input,
}: KernelCall<object, tf.TensorInfo[]>): tf.TensorInfo[] {
  const [dy, x, gamma] = [input('dy'), input('x'), input('gamma')];
  const [size, channels] = [sizeOf(x), sizeOf(gamma)];
  const outputs = [x.shape, [channels], [channels]].map((shape) => instance.makeOutput(shape));
  const [slopes, values] = [dy, x].map((t) => instance.viewOf(instance.addressOf(t), size)) as [
    Float32Array,
    Float32Array,
  ];
  const scales = instance.viewOf(instance.addressOf(gamma), channels);
  const results = instance.viewOf(instance.addressOf(outputs[0] as tf.TensorInfo), size);
  // In double precision, since they sum over every row of a batch.
  const [byScale, byShift] = [new Float64Array(channels), new Float64Array(channels)];
  for (let start = 0; start < size; start += channels) {
    const [mean, inverse] = measureRow(values, start, start + channels);
    let [total, along] = [0, 0];
    for (let k = 0; k < channels; k += 1) {
      const slope = slopes[start + k] as number;
      const normalized = ((values[start + k] as number) - mean) * inverse;
      byScale[k] = (byScale[k] as number) + slope * normalized;
      byShift[k] = (byShift[k] as number) + slope;
      total += slope * (scales[k] as number);
      along += slope * (scales[k] as number) * normalized;
    }
    total /= channels;
    along /= channels;
    for (let k = 0; k < channels; k += 1) {
      const slope = (slopes[start + k] as number) * (scales[k] as number);
      const normalized = ((values[start + k] as number) - mean) * inverse;
      results[start + k] = (slope - total - normalized * along) * inverse;
    }
  }
  [byScale, byShift].forEach((sums, i) => {
    instance.viewOf(instance.addressOf(outputs[i + 1] as tf.TensorInfo), channels).set(sums);
  });
  return outputs;
}

export function registerTokens(): void {
  registerKernel(tokenKernels.gelu, gelu);
  registerKernel(tokenKernels.layerNorm, layerNorm);
  registerKernel(tokenKernels.layerNormGradient, layerNormGradient);
}
