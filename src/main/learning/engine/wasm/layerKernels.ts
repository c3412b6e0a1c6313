import type * as tf from '@tensorflow/tfjs';
import { batchNormEpsilon } from '../ops.ts';
import { floatBytes, type Machine } from './machine.ts';
import { registerKernel, type KernelCall } from './register.ts';

/** Names of the kernels that tfjs lacks; gradients are registered in layerGradients.ts. */
export const layerKernels = {
  addBias: 'AfterimageAddBias',
  relu: 'AfterimageRelu',
  reluGradient: 'AfterimageReluGradient',
  maxPool: 'AfterimageMaxPool',
  unpool: 'AfterimageUnpool',
  pickMaximum: 'AfterimagePickMaximum',
  normalize: 'AfterimageNormalize',
  batchNorm: 'AfterimageBatchNorm',
  batchNormGradient: 'AfterimageBatchNormGradient',
} as const;

type Call = KernelCall<object>;

const sizeOf = ({ shape }: tf.TensorInfo): number => shape.reduce((size, n) => size * n, 1);

/** A tensor [..., channels] as a matrix. */
function asMatrix(x: tf.TensorInfo): { rows: number; channels: number; bytes: number } {
  const channels = x.shape.at(-1) ?? 1;
  return { rows: sizeOf(x) / channels, channels, bytes: channels * floatBytes };
}

/** x [..., K], bias [K] */
function addBias({ machine, input }: Call): tf.TensorInfo {
  const [x, bias] = [input('x'), input('bias')];
  const out = machine.makeOutput(x.shape);
  const { rows, bytes } = asMatrix(x);
  machine.functions.addBias({
    x: machine.addressOf(x),
    bias: machine.addressOf(bias),
    out: machine.addressOf(out),
    rows,
    bytes,
  });
  return out;
}

function relu({ machine, input }: Call): tf.TensorInfo {
  const x = input('x');
  const out = machine.makeOutput(x.shape);
  const bytes = sizeOf(x) * floatBytes;
  const address = { x: machine.addressOf(x), out: machine.addressOf(out) };
  machine.functions.relu({ ...address, rows: 1, bytes });
  return out;
}

/** dy where y, the ReLU's output, is positive. */
function reluGradient({ machine, input }: Call): tf.TensorInfo {
  const [dy, y] = [input('dy'), input('y')];
  const out = machine.makeOutput(dy.shape);
  machine.functions.reluGradient({
    dy: machine.addressOf(dy),
    y: machine.addressOf(y),
    out: machine.addressOf(out),
    rows: 1,
    bytes: sizeOf(dy) * floatBytes,
  });
  return out;
}

const dimensions = ({ shape }: tf.TensorInfo): [number, number, number, number] =>
  shape as [number, number, number, number];

/** The 2x2 windows of x [B, H, W, K]. */
function windowsOf(x: tf.TensorInfo) {
  const [images, height, width, channels] = dimensions(x);
  const channelBytes = channels * floatBytes;
  return {
    images,
    height: Math.floor(height / 2),
    width: Math.floor(width / 2),
    imageBytes: height * width * channelBytes,
    lineBytes: width * channelBytes,
    channelBytes,
  };
}

/** x [B, H, W, K] -> [B, H/2, W/2, K], rounded down */
function maxPool({ machine, input }: Call): tf.TensorInfo {
  const x = input('x');
  const [batch, , , channels] = dimensions(x);
  const windows = windowsOf(x);
  const y = machine.makeOutput([batch, windows.height, windows.width, channels]);
  machine.functions.maxPool({ x: machine.addressOf(x), y: machine.addressOf(y), ...windows });
  return y;
}

/** dy [B, H/2, W/2, K] -> dx [B, H, W, K]: each value goes where x first has the window's y. */
function unpool({ machine, input }: Call): tf.TensorInfo {
  const [dy, x, y] = [input('dy'), input('x'), input('y')];
  const dx = machine.makeOutput(x.shape);
  const [, height, width] = dimensions(x);
  if (height % 2 === 1 || width % 2 === 1) {
    machine.viewOf(machine.addressOf(dx), sizeOf(dx)).fill(0);
  }
  machine.functions.unpool({
    x: machine.addressOf(x),
    y: machine.addressOf(y),
    dy: machine.addressOf(dy),
    dx: machine.addressOf(dx),
    ...windowsOf(x),
  });
  return dx;
}

/** g [B, H, W, K] -> [B, H/2, W/2, K]: each window's value where x first has the window's y. */
function pickMaximum({ machine, input }: Call): tf.TensorInfo {
  const [g, x, y] = [input('g'), input('x'), input('y')];
  const picked = machine.makeOutput(y.shape);
  machine.functions.pickMaximum({
    g: machine.addressOf(g),
    x: machine.addressOf(x),
    y: machine.addressOf(y),
    picked: machine.addressOf(picked),
    ...windowsOf(x),
  });
  return picked;
}

/** (x - centre) * scale + shift, with x [..., K] and the others [K] */
function normalize({ machine, input }: Call): tf.TensorInfo {
  const x = input('x');
  const out = machine.makeOutput(x.shape);
  const { rows, bytes } = asMatrix(x);
  machine.functions.normalize({
    x: machine.addressOf(x),
    centre: machine.addressOf(input('centre')),
    scale: machine.addressOf(input('scale')),
    shift: machine.addressOf(input('shift')),
    out: machine.addressOf(out),
    rows,
    bytes,
  });
  return out;
}

/** Mean and biased variance of x over all axes but the last; two passes, so no digits cancel. */
function computeMoments(machine: Machine, x: tf.TensorInfo): [tf.TensorInfo, tf.TensorInfo] {
  const { rows, channels, bytes } = asMatrix(x);
  const moments = [machine.makeOutput([channels]), machine.makeOutput([channels])] as const;
  const [mean, variance] = moments.map((moment) => machine.addressOf(moment)) as [number, number];
  const divide = (address: number): void => {
    const values = machine.viewOf(address, channels);
    values.forEach((value, i) => {
      values[i] = value / rows;
    });
  };
  for (const address of [mean, variance]) machine.viewOf(address, channels).fill(0);
  machine.functions.sumRows({ x: machine.addressOf(x), sum: mean, rows, bytes });
  divide(mean);
  const centred = { x: machine.addressOf(x), centre: mean };
  machine.functions.sumSquares({ ...centred, sum: variance, rows, bytes });
  divide(variance);
  return [...moments];
}

/** 1 / sqrt(variance + eps) */
const inverseDeviation = (variance: number): number => 1 / Math.sqrt(variance + batchNormEpsilon);

/** x [..., K], gamma [K], beta [K] -> y, mean [K], variance [K] */
function batchNorm({ machine, input }: KernelCall<object, tf.TensorInfo[]>): tf.TensorInfo[] {
  const [x, gamma, beta] = [input('x'), input('gamma'), input('beta')];
  const [mean, variance] = computeMoments(machine, x);
  const y = machine.makeOutput(x.shape);
  const { rows, channels, bytes } = asMatrix(x);
  machine.borrow([channels] as const, (scale) => {
    const gammas = machine.viewOf(machine.addressOf(gamma), channels);
    const variances = machine.viewOf(machine.addressOf(variance), channels);
    machine
      .viewOf(scale, channels)
      .set(gammas.map((value, k) => value * inverseDeviation(variances[k] as number)));
    machine.functions.normalize({
      x: machine.addressOf(x),
      centre: machine.addressOf(mean),
      scale,
      shift: machine.addressOf(beta),
      out: machine.addressOf(y),
      rows,
      bytes,
    });
  });
  return [y, mean, variance];
}

/**
 * dy and x [..., K], gamma, mean, variance [K] -> dx, dgamma, dbeta, for n values per channel:
 * dx = gamma / s * (dy - sum(dy) / n - (x - mean) / s^2 * sum(dy (x - mean)) / n), s^2 = variance + eps.
 */
function batchNormGradient({
  machine,
  input,
}: KernelCall<object, tf.TensorInfo[]>): tf.TensorInfo[] {
  const [dy, x, mean] = [input('dy'), input('x'), input('mean')];
  const { rows, channels, bytes } = asMatrix(x);
  const outputs = [x.shape, [channels], [channels]].map((shape) => machine.makeOutput(shape));
  const [dx, dgamma, dbeta] = outputs.map((output) => machine.addressOf(output)) as [
    number,
    number,
    number,
  ];
  const data = {
    dy: machine.addressOf(dy),
    x: machine.addressOf(x),
    centre: machine.addressOf(mean),
  };
  for (const sum of [dgamma, dbeta]) machine.viewOf(sum, channels).fill(0);
  machine.functions.sumNormalizeGradient({ ...data, total: dbeta, product: dgamma, rows, bytes });
  machine.borrow([channels, channels, channels] as const, (scale, slope, offset) => {
    const view = (address: number): Float32Array => machine.viewOf(address, channels);
    const gammas = view(machine.addressOf(input('gamma')));
    const variances = view(machine.addressOf(input('variance')));
    const coefficients = { scale: view(scale), slope: view(slope), offset: view(offset) };
    const [products, totals] = [view(dgamma), view(dbeta)];
    for (let k = 0; k < channels; k += 1) {
      const inverse = inverseDeviation(variances[k] as number);
      const factor = (gammas[k] as number) * inverse;
      const product = products[k] as number;
      coefficients.scale[k] = factor;
      coefficients.slope[k] = (factor * inverse * inverse * product) / rows;
      coefficients.offset[k] = (factor * (totals[k] as number)) / rows;
      products[k] = product * inverse;
    }
    machine.functions.normalizeGradient({ ...data, scale, slope, offset, out: dx, rows, bytes });
  });
  return outputs;
}

export function registerLayers(): void {
  registerKernel(layerKernels.addBias, addBias);
  registerKernel(layerKernels.relu, relu);
  registerKernel(layerKernels.reluGradient, reluGradient);
  registerKernel(layerKernels.maxPool, maxPool);
  registerKernel(layerKernels.unpool, unpool);
  registerKernel(layerKernels.pickMaximum, pickMaximum);
  registerKernel(layerKernels.normalize, normalize);
  registerKernel(layerKernels.batchNorm, batchNorm);
  registerKernel(layerKernels.batchNormGradient, batchNormGradient);
}
