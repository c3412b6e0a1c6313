import type * as tf from '@tensorflow/tfjs';
import type { WasmInstance } from '../module/instance.ts';
import { floatBytes } from '../module/moduleFunctions.ts';
import { registerKernel, type KernelCall } from '../register.ts';
import { sumInBlocks } from '../tensors/sums.ts';

/** Names of the kernels that tfjs lacks; gradients are registered in layerGradients.ts. */
export const layerKernels = {
  addBias: 'AfterimageAddBias',
  relu: 'AfterimageRelu',
  reluGradient: 'AfterimageReluGradient',
  maxPool: 'AfterimageMaxPool',
  unpool: 'AfterimageUnpool',
  pickMaximum: 'AfterimagePickMaximum',
  normalize: 'AfterimageNormalize',
  finishConvolution: 'AfterimageFinishConvolution',
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

/** What a function of x [..., K] and of vectors [K] by these names is called with, and the tensor that it fills. */
function prepareChannels<const Name extends string>(
  { instance, input }: Call,
  vectors: readonly Name[],
) {
  const x = input('x');
  const out = instance.makeOutput(x.shape);
  const { rows, bytes } = asMatrix(x);
  const addresses = Object.fromEntries(
    vectors.map((name) => [name, instance.addressOf(input(name))]),
  ) as Record<Name, number>;
  const own = { x: instance.addressOf(x), out: instance.addressOf(out), rows, bytes };
  return { out, args: { ...addresses, ...own } };
}

/** x [..., K], bias [K] */
function addBias(call: Call): tf.TensorInfo {
  const { out, args } = prepareChannels(call, ['bias']);
  call.instance.divided.addBias(args);
  return out;
}

function relu({ instance, input }: Call): tf.TensorInfo {
  const x = input('x');
  const out = instance.makeOutput(x.shape);
  const bytes = sizeOf(x) * floatBytes;
  const address = { x: instance.addressOf(x), out: instance.addressOf(out) };
  instance.divided.relu({ ...address, rows: 1, bytes });
  return out;
}

/** dy where y, the ReLU's output, is positive. */
function reluGradient({ instance, input }: Call): tf.TensorInfo {
  const [dy, y] = [input('dy'), input('y')];
  const out = instance.makeOutput(dy.shape);
  instance.divided.reluGradient({
    dy: instance.addressOf(dy),
    y: instance.addressOf(y),
    out: instance.addressOf(out),
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
function maxPool({ instance, input }: Call): tf.TensorInfo {
  const x = input('x');
  const [batch, , , channels] = dimensions(x);
  const windows = windowsOf(x);
  const y = instance.makeOutput([batch, windows.height, windows.width, channels]);
  instance.divided.maxPool({ x: instance.addressOf(x), y: instance.addressOf(y), ...windows });
  return y;
}

/** dy [B, H/2, W/2, K] -> dx [B, H, W, K]: each value goes where x first has the window's y. */
function unpool({ instance, input }: Call): tf.TensorInfo {
  const [dy, x, y] = [input('dy'), input('x'), input('y')];
  const dx = instance.makeOutput(x.shape);
  const [, height, width] = dimensions(x);
  if (height % 2 === 1 || width % 2 === 1) {
    instance.divided.clear({ out: instance.addressOf(dx), bytes: sizeOf(dx) * floatBytes });
  }
  instance.divided.unpool({
    x: instance.addressOf(x),
    y: instance.addressOf(y),
    dy: instance.addressOf(dy),
    dx: instance.addressOf(dx),
    ...windowsOf(x),
  });
  return dx;
}

/** g [B, H, W, K] -> [B, H/2, W/2, K]: each window's value where x first has the window's y. */
function pickMaximum({ instance, input }: Call): tf.TensorInfo {
  const [g, x, y] = [input('g'), input('x'), input('y')];
  const picked = instance.makeOutput(y.shape);
  instance.divided.pickMaximum({
    g: instance.addressOf(g),
    x: instance.addressOf(x),
    y: instance.addressOf(y),
    picked: instance.addressOf(picked),
    ...windowsOf(x),
  });
  return picked;
}

/** (x - centre) * scale + shift, with x [..., K] and the others [K] */
function normalize(call: Call): tf.TensorInfo {
  const { out, args } = prepareChannels(call, ['centre', 'scale', 'shift']);
  call.instance.divided.normalize(args);
  return out;
}

/** relu(((x + bias) - centre) * scale + shift), with x [..., K] and the others [K] */
function finishConvolution(call: Call): tf.TensorInfo {
  const { out, args } = prepareChannels(call, ['bias', 'centre', 'scale', 'shift']);
  call.instance.divided.finishConvolution(args);
  return out;
}

/** Mean and biased variance of x over all axes but the last; two passes, so no digits cancel. */
function computeMoments(instance: WasmInstance, x: tf.TensorInfo): [tf.TensorInfo, tf.TensorInfo] {
  const { rows, channels, bytes } = asMatrix(x);
  const moments = [instance.makeOutput([channels]), instance.makeOutput([channels])] as const;
  const [mean, variance] = moments.map((moment) => instance.addressOf(moment)) as [number, number];
  const data = { x: instance.addressOf(x), rows, bytes };
  const size = { rows, channels };
  const addValues = ([sum = 0]: number[], step: number): void => {
    instance.divided.sumRows({ ...data, sum, step });
  };
  const addSquares = ([sum = 0]: number[], step: number): void => {
    instance.divided.sumSquares({ ...data, centre: mean, sum, step });
  };
  sumInBlocks(instance, size, [mean], addValues, rows);
  sumInBlocks(instance, size, [variance], addSquares, rows);
  return [...moments];
}

/** x [..., K], gamma [K], beta [K] -> y, mean [K], variance [K] */
function batchNorm({ instance, input }: KernelCall<object, tf.TensorInfo[]>): tf.TensorInfo[] {
  const [x, gamma, beta] = [input('x'), input('gamma'), input('beta')];
  const [mean, variance] = computeMoments(instance, x);
  const y = instance.makeOutput(x.shape);
  const { rows, channels, bytes } = asMatrix(x);
  instance.borrow([channels] as const, (scale) => {
    const known = { gamma: instance.addressOf(gamma), variance: instance.addressOf(variance) };
    instance.run('scaleBatchNorm', { ...known, scale, channels }, 1);
    instance.divided.normalize({
      x: instance.addressOf(x),
      centre: instance.addressOf(mean),
      scale,
      shift: instance.addressOf(beta),
      out: instance.addressOf(y),
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
  instance,
  input,
}: KernelCall<object, tf.TensorInfo[]>): tf.TensorInfo[] {
  const [dy, x, mean] = [input('dy'), input('x'), input('mean')];
  const { rows, channels, bytes } = asMatrix(x);
  const outputs = [x.shape, [channels], [channels]].map((shape) => instance.makeOutput(shape));
  const [dx, dgamma, dbeta] = outputs.map((output) => instance.addressOf(output)) as [
    number,
    number,
    number,
  ];
  const data = {
    dy: instance.addressOf(dy),
    x: instance.addressOf(x),
    centre: instance.addressOf(mean),
  };
  sumInBlocks(instance, { rows, channels }, [dbeta, dgamma], ([total = 0, product = 0], step) => {
    instance.divided.sumNormalizeGradient({ ...data, total, product, rows, bytes, step });
  });
  instance.borrow([channels, channels, channels] as const, (scale, slope, offset) => {
    const [gamma, variance] = [input('gamma'), input('variance')].map((tensor) =>
      instance.addressOf(tensor),
    ) as [number, number];
    const sums = { product: dgamma, total: dbeta };
    const coefficients = { scale, slope, offset };
    const args = { gamma, variance, ...sums, ...coefficients, channels, rows };
    instance.run('scaleBatchNormGradient', args, 1);
    instance.divided.normalizeGradient({ ...data, ...coefficients, out: dx, rows, bytes });
  });
  return outputs;
}

export function registerLayers(): void {
  registerKernel(layerKernels.addBias, addBias, { overwrites: 'x' });
  registerKernel(layerKernels.relu, relu, { overwrites: 'x' });
  registerKernel(layerKernels.reluGradient, reluGradient, { overwrites: 'dy' });
  registerKernel(layerKernels.maxPool, maxPool);
  registerKernel(layerKernels.unpool, unpool);
  registerKernel(layerKernels.pickMaximum, pickMaximum);
  registerKernel(layerKernels.normalize, normalize, { overwrites: 'x' });
  registerKernel(layerKernels.finishConvolution, finishConvolution, { overwrites: 'x' });
  registerKernel(layerKernels.batchNorm, batchNorm);
  registerKernel(layerKernels.batchNormGradient, batchNormGradient, { overwrites: 'dy' });
}
