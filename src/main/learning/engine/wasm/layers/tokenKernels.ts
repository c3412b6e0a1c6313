import type * as tf from '@tensorflow/tfjs';
import { layerNormEpsilon } from '../../layerNorm.ts';
import { floatBytes } from '../module/moduleFunctions.ts';
import { registerKernel, type KernelCall } from '../register.ts';
import { measureRow } from './tokenTasks.ts';

/** Kernels for networks of tokens, which tfjs lacks. */
export const tokenKernels = {
  gelu: 'AfterimageGelu',
  geluWithSlope: 'AfterimageGeluWithSlope',
  layerNorm: 'AfterimageLayerNorm',
  layerNormGradient: 'AfterimageLayerNormGradient',
} as const;

const sizeOf = ({ shape }: tf.TensorInfo): number => shape.reduce((size, n) => size * n, 1);

/** A derivative of x Φ(x), with x [...]; `order` 0, 1 or 2. */
function gelu({ instance, input, attributes }: KernelCall<{ order: number }>): tf.TensorInfo {
  const x = input('x');
  const out = instance.makeOutput(x.shape);
  const names = ['gelu', 'geluSlope', 'geluCurvature'] as const;
  const name = names[attributes.order] ?? 'geluCurvature';
  const address = instance.addressOf(out);
  instance.divided[name]({
    ...{ x: instance.addressOf(x), bytes: sizeOf(x) * floatBytes },
    ...{ value: address, slope: address, curvature: address },
  });
  return out;
}

/** x Φ(x) and its derivative. */
function geluWithSlope({ instance, input }: KernelCall<object, tf.TensorInfo[]>): tf.TensorInfo[] {
  const x = input('x');
  const outputs = [instance.makeOutput(x.shape), instance.makeOutput(x.shape)] as const;
  const [value, slope] = [instance.addressOf(outputs[0]), instance.addressOf(outputs[1])];
  const bytes = sizeOf(x) * floatBytes;
  instance.divided.geluWithSlope({ x: instance.addressOf(x), value, slope, bytes });
  return [...outputs];
}

/** x [..., K], gamma [K], beta [K] -> [..., K] */
function layerNorm({ instance, input }: KernelCall<object>): tf.TensorInfo {
  const [x, gamma, beta] = [input('x'), input('gamma'), input('beta')];
  const y = instance.makeOutput(x.shape);
  const channels = sizeOf(gamma);
  const rows = sizeOf(x) / channels;
  const addresses = {
    x: instance.addressOf(x),
    gamma: instance.addressOf(gamma),
    beta: instance.addressOf(beta),
    out: instance.addressOf(y),
  };
  const args = { ...addresses, rows, channels, epsilon: layerNormEpsilon };
  instance.run('layerNorm', args, rows);
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
    const [mean, inverse] = measureRow(values, start, start + channels, layerNormEpsilon);
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
  registerKernel(tokenKernels.geluWithSlope, geluWithSlope);
  registerKernel(tokenKernels.layerNorm, layerNorm);
  registerKernel(tokenKernels.layerNormGradient, layerNormGradient);
}
