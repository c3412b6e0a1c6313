import * as tf from '@tensorflow/tfjs';
import {
  batchNormEpsilon,
  composeBatchNormGradient,
  composedOps,
  stopGradient,
  type Ops,
} from '../ops.ts';
import { sumRows } from '../reductions.ts';
import { convolvePatches } from './convolution/patches.ts';
import { keepThreshold } from '../../../../core/stepDraws.ts';
import { layerKernels } from './layers/layerKernels.ts';
import { philoxKernels } from './layers/philoxKernels.ts';
import { laneSums, sumLanesKernel } from './tensors/reductionKernels.ts';
import { computeGelu, computeLayerNorm } from './tokenOps.ts';

type Tensors = Readonly<Record<string, tf.Tensor>>;
/** Lists of known length: outputs of a kernel, or what is saved for its gradient. */
type One = [tf.Tensor];
type Two = [tf.Tensor, tf.Tensor];
type Three = [tf.Tensor, tf.Tensor, tf.Tensor];
type Four = [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];

const run = (kernel: string, inputs: Tensors): tf.Tensor =>
  tf.engine().runKernel<tf.Tensor>(kernel, inputs);
const runForThree = (kernel: string, inputs: Tensors): Three =>
  tf.engine().runKernel<Three>(kernel, inputs);

const addBias = (x: tf.Tensor, bias: tf.Tensor): tf.Tensor =>
  run(layerKernels.addBias, { x, bias });
const relu = (x: tf.Tensor): tf.Tensor => run(layerKernels.relu, { x });
const maxPool = (x: tf.Tensor): tf.Tensor => run(layerKernels.maxPool, { x });
/** Where y is positive is a constant, almost everywhere: no gradient goes to y, nor to x below. */
const reluGradient = (dy: tf.Tensor, y: tf.Tensor): tf.Tensor =>
  run(layerKernels.reluGradient, { dy, y: stopGradient(y) });
const unpool = (dy: tf.Tensor, x: tf.Tensor, y: tf.Tensor): tf.Tensor =>
  run(layerKernels.unpool, { dy, x: stopGradient(x), y: stopGradient(y) });
const pickMaximum = (g: tf.Tensor, x: tf.Tensor, y: tf.Tensor): tf.Tensor =>
  run(layerKernels.pickMaximum, { g, x: stopGradient(x), y: stopGradient(y) });
const normalize = (
  x: tf.Tensor,
  centre: tf.Tensor,
  scale: tf.Tensor,
  shift: tf.Tensor,
): tf.Tensor => run(layerKernels.normalize, { x, centre, scale, shift });

type BatchNormGradient = (
  dy: tf.Tensor,
  x: tf.Tensor,
  gamma: tf.Tensor,
  moments: { mean: tf.Tensor; variance: tf.Tensor },
) => { x: tf.Tensor; gamma: tf.Tensor; beta: tf.Tensor };

const fusedBatchNormGradient: BatchNormGradient = (dy, x, gamma, moments) => {
  const inputs = { dy, x, gamma, ...moments };
  const [dx, dgamma, dbeta] = runForThree(layerKernels.batchNormGradient, inputs);
  return { x: dx, gamma: dgamma, beta: dbeta };
};

/** One argument for kernels with one output, a list for the others. */
type GradientFunction = (dy: tf.Tensor[], saved: tf.Tensor[]) => Record<string, () => tf.Tensor>;

function registerGradient(
  kernelName: string,
  save: { inputsToSave?: string[]; outputsToSave?: boolean[] },
  gradient: GradientFunction,
): void {
  tf.registerGradient({
    kernelName,
    ...save,
    gradFunc: (dy, saved) => gradient(Array.isArray(dy) ? dy : [dy], saved),
  });
}

const none = (x: tf.Tensor) => () => tf.zerosLike(x);

function registerElementwiseGradients(): void {
  registerGradient(layerKernels.addBias, {}, (dys) => {
    const [dy] = dys as One;
    return { x: () => dy, bias: () => sumRows(dy) };
  });
  registerGradient(layerKernels.relu, { outputsToSave: [true] }, (dys, saved) => {
    const [[dy], [y]] = [dys as One, saved as One];
    return { x: () => reluGradient(dy, y) };
  });
  registerGradient(layerKernels.reluGradient, { inputsToSave: ['y'] }, (dys, saved) => {
    const [[g], [y]] = [dys as One, saved as One];
    return { dy: () => reluGradient(g, y), y: none(y) };
  });
}

function registerPoolGradients(): void {
  const save = { inputsToSave: ['x', 'y'] };
  registerGradient(
    layerKernels.maxPool,
    { inputsToSave: ['x'], outputsToSave: [true] },
    (dys, saved) => {
      const [[dy], [x, y]] = [dys as One, saved as Two];
      return { x: () => unpool(dy, x, y) };
    },
  );
  registerGradient(layerKernels.unpool, save, (dys, saved) => {
    const [[g], [x, y]] = [dys as One, saved as Two];
    return { dy: () => pickMaximum(g, x, y), x: none(x), y: none(y) };
  });
  registerGradient(layerKernels.pickMaximum, save, (dys, saved) => {
    const [[dy], [x, y]] = [dys as One, saved as Two];
    return { g: () => unpool(dy, x, y), x: none(x), y: none(y) };
  });
}

/** relu(((x + bias) - centre) * scale + shift), whose gradient is that of the four one after the other. */
function registerFinishGradient(): void {
  const save = { inputsToSave: ['x', 'bias', 'centre', 'scale'], outputsToSave: [true] };
  registerGradient(layerKernels.finishConvolution, save, (dys, saved) => {
    const [[dy], [x, bias, centre, scale, y]] = [dys as One, saved as [...Four, tf.Tensor]];
    const passed = reluGradient(dy, y);
    const dx = (): tf.Tensor => tf.mul(passed, scale);
    return {
      x: dx,
      bias: () => sumRows(dx()),
      centre: () => tf.neg(tf.mul(sumRows(passed), scale)),
      scale: () => sumRows(tf.mul(passed, tf.sub(tf.add(x, bias), centre))),
      shift: () => sumRows(passed),
    };
  });
}

function registerNormalizeGradients(): void {
  const save = { inputsToSave: ['x', 'centre', 'scale'] };
  registerGradient(layerKernels.normalize, save, (dys, saved) => {
    const [[dy], [x, centre, scale]] = [dys as One, saved as Three];
    return {
      x: () => tf.mul(dy, scale),
      centre: () => tf.neg(tf.mul(sumRows(dy), scale)),
      scale: () => sumRows(tf.mul(dy, tf.sub(x, centre))),
      shift: () => sumRows(dy),
    };
  });
  registerGradient(
    layerKernels.batchNorm,
    { inputsToSave: ['x', 'gamma'], outputsToSave: [false, true, true] },
    (dys, saved) => {
      const [[dy], [x, gamma, mean, variance]] = [dys as Three, saved as Four];
      // A tape that records the backward pass is there to differentiate it once more.
      const gradients = tf.engine().isTapeOn()
        ? composeBatchNormGradient(dy, x, gamma)
        : fusedBatchNormGradient(dy, x, gamma, { mean, variance });
      return {
        x: () => gradients.x,
        gamma: () => gradients.gamma,
        beta: () => gradients.beta,
      };
    },
  );
}

export function registerLayerGradients(): void {
  registerElementwiseGradients();
  registerPoolGradients();
  registerNormalizeGradients();
  registerFinishGradient();
}

/** Kernels do not look at shapes: what does not fit would be read from other tensors' memory. */
function assertChannels(name: string, x: tf.Tensor, vectors: readonly tf.Tensor[]): void {
  const channels = x.shape.at(-1);
  for (const { shape } of vectors) {
    tf.util.assert(
      shape.length === 1 && shape[0] === channels,
      () => `${name}: [${shape.join(', ')}] does not fit the channels of [${x.shape.join(', ')}]`,
    );
  }
}

function assertImages(name: string, { rank, shape }: tf.Tensor): void {
  tf.util.assert(rank === 4, () => `${name}: [${shape.join(', ')}] is not [B, H, W, K]`);
}

const scaleOf = (gamma: tf.Tensor, variance: tf.Tensor): tf.Tensor =>
  tf.mul(gamma, tf.rsqrt(tf.add(variance, batchNormEpsilon)));

/** Operations of the embedded engine: kernels of our own, whose gradients are kernels again. */
export const wasmOps: Ops = {
  conv2d: (x, kernel, stride, padding) =>
    stride === 1 && kernel.shape[0] > 1
      ? composedOps.conv2d(x, kernel, stride, padding)
      : convolvePatches(x, kernel, stride, padding),
  biasAdd<T extends tf.Tensor>(x: T, bias: tf.Tensor1D) {
    assertChannels('biasAdd', x, [bias]);
    return addBias(x, bias) as T;
  },
  relu: <T extends tf.Tensor>(x: T) => relu(x) as T,
  gelu: computeGelu,
  layerNorm<T extends tf.Tensor>(x: T, gamma: tf.Tensor1D, beta: tf.Tensor1D) {
    assertChannels('layerNorm', x, [gamma, beta]);
    return computeLayerNorm(x, gamma, beta);
  },
  maxPool2x2(x) {
    assertImages('maxPool2x2', x);
    return maxPool(x) as tf.Tensor4D;
  },
  batchNorm(x, gamma, beta) {
    assertImages('batchNorm', x);
    assertChannels('batchNorm', x, [gamma, beta]);
    const [y, mean, variance] = runForThree(layerKernels.batchNorm, { x, gamma, beta });
    const count = x.size / gamma.size;
    const unbiased = tf.mul<tf.Tensor1D>(stopGradient(variance), count / Math.max(1, count - 1));
    return { y: y as tf.Tensor4D, mean: stopGradient(mean) as tf.Tensor1D, variance: unbiased };
  },
  sumChannels: (x, weights) => composedOps.sumChannels(x, weights),
  dropoutMask(position, shape, dropout) {
    const [threshold, scale] = [keepThreshold(1 - dropout), 1 / (1 - dropout)];
    const drawn = { shape, threshold, scale };
    return tf.engine().runKernel<tf.Tensor2D>(philoxKernels.mask, { position }, drawn);
  },
  batchNormInference(x, gamma, beta, mean, variance) {
    assertImages('batchNormInference', x);
    assertChannels('batchNormInference', x, [gamma, beta, mean, variance]);
    return normalize(x, mean, scaleOf(gamma, variance), beta) as tf.Tensor4D;
  },
  areFinite(vectors) {
    const sums = vectors.map((x) => (x.size < laneSums ? x : run(sumLanesKernel, { x })));
    return composedOps.areFinite(sums as tf.Tensor1D[]);
  },
  finishConvolution(x, { bias, gamma, beta, mean, variance }) {
    assertImages('finishConvolution', x);
    const added = bias ?? tf.zerosLike(mean);
    assertChannels('finishConvolution', x, [added, gamma, beta, mean, variance]);
    const coefficients = {
      bias: added,
      centre: mean,
      scale: scaleOf(gamma, variance),
      shift: beta,
    };
    return run(layerKernels.finishConvolution, { x, ...coefficients }) as tf.Tensor4D;
  },
};
