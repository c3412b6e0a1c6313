import * as tf from '@tensorflow/tfjs';
import { keepThreshold } from '../../../../core/stepDraws.ts';
import { batchNormEpsilon, composeBatchNormGradient, composedOps, type Ops } from '../ops.ts';
import { averagePositions, type Reductions } from '../reductions.ts';
import type { NativeBackend, NativeTensor, OpAttribute } from './nativeBackend.ts';

/**
 * A tensor computed behind tfjs's back, with the gradients by `inputs`. Those are differentiable
 * again as far as they are made of differentiable operations.
 *
 * @param saves tensors that `gradients` needs; it must take them from its argument
 */
function withGradient(
  inputs: tf.Tensor[],
  saves: tf.Tensor[],
  compute: () => tf.Tensor,
  gradients: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[],
): tf.Tensor {
  return tf.customGrad((...given) => {
    (given.at(-1) as unknown as tf.GradSaveFunc)(saves);
    return { value: compute(), gradFunc: gradients };
  })(...inputs);
}

/** What batch norm gives, and what its gradient's kernel takes besides x and gamma. */
export interface Normalized {
  value: tf.Tensor;
  mean: tf.Tensor;
  /** Unbiased. */
  variance: tf.Tensor;
  reserved: tf.Tensor[];
}

/** TensorFlow's DataType number of uint64, which the binding does not tell. */
const uint64 = 23;
/** TensorFlow's number for Philox 4x32-10. */
const philoxAlgorithm = 1;

/**
 * By default with `averagePositions`. TensorFlow's own kernel for the CPU adds up all positions of a batch in one
 * float32 after the other: of MNIST's first convolution, most of it background, the
 * variance is then off by 4e-4 at batch 64 and by 6e-3 at 1,000, and so by 4e-7 and 7e-7.
 */
export function normalizeByMoments(
  x: tf.Tensor4D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  average: Reductions['average'] = averagePositions,
): Normalized {
  const mean = average(x);
  const biased = average(tf.squaredDifference(x, mean));
  const count = x.size / gamma.size;
  return {
    value: tf.batchNorm(x, mean, biased, beta, gamma, batchNormEpsilon),
    mean,
    variance: tf.mul(biased, count / Math.max(1, count - 1)),
    reserved: [mean, biased, tf.tensor1d([])],
  };
}

/** x [B, H, W, C] -> the first pixel of each `n` rows and columns: [B, ceil(H/n), ceil(W/n), C] */
function everyNthPixel(x: tf.Tensor4D, n: number): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const [rows, columns] = [Math.ceil(height / n), Math.ceil(width / n)];
  const whole = tf.pad(x, [
    [0, 0],
    [0, rows * n - height],
    [0, columns * n - width],
    [0, 0],
  ]);
  const cells = tf.reshape(whole, [batch * rows, n, columns, n * channels]);
  const first = tf.slice(cells, [0, 0, 0, 0], [batch * rows, 1, columns, channels]);
  return tf.reshape(first, [batch, rows, columns, channels]);
}

/** The operations through TensorFlow's own fused kernels. */
export class NativeOps implements Ops {
  readonly #backend: NativeBackend;
  readonly #float: OpAttribute;
  readonly #layout: OpAttribute;
  readonly #window: OpAttribute[];
  readonly #normalization: OpAttribute[];
  readonly #averagingFactor: OpAttribute;

  constructor(backend: NativeBackend) {
    const { binding } = backend;
    const text = (name: string, value: string): OpAttribute => ({
      name,
      type: binding.TF_ATTR_STRING,
      value,
    });
    this.#backend = backend;
    this.#float = { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
    this.#layout = text('data_format', 'NHWC');
    this.#window = [
      this.#float,
      { name: 'ksize', type: binding.TF_ATTR_INT, value: [1, 2, 2, 1] },
      { name: 'strides', type: binding.TF_ATTR_INT, value: [1, 2, 2, 1] },
      text('padding', 'VALID'),
      this.#layout,
    ];
    const number = (name: string, value: number): OpAttribute => ({
      name,
      type: binding.TF_ATTR_FLOAT,
      value,
    });
    this.#averagingFactor = number('exponential_avg_factor', 1);
    this.#normalization = [
      this.#float,
      { ...this.#float, name: 'U' },
      number('epsilon', batchNormEpsilon),
      this.#layout,
      { name: 'is_training', type: binding.TF_ATTR_BOOL, value: true },
    ];
  }

  /**
   * A kernel of 1 x 1 sees every `stride`-th pixel, and here only those reach it: with AVX2 alone oneDNN's
   * gradient by such a kernel is wrong where a stride leaves a row of the image out.
   */
  conv2d(x: tf.Tensor4D, kernel: tf.Tensor4D, stride: number, padding: number): tf.Tensor4D {
    if (kernel.shape[0] > 1 || stride === 1 || padding > 0) {
      return composedOps.conv2d(x, kernel, stride, padding);
    }
    return composedOps.conv2d(everyNthPixel(x, stride), kernel, 1, 0);
  }

  biasAdd<T extends tf.Tensor>(x: T, bias: tf.Tensor1D): T {
    const attributes = [this.#float, this.#layout];
    return withGradient(
      [x, bias],
      [],
      () => this.#execute('BiasAdd', attributes, [x, bias]),
      (dy) => [dy, this.#execute('BiasAddGrad', attributes, [dy])],
    ) as T;
  }

  relu<T extends tf.Tensor>(x: T): T {
    return tf.customGrad((input, save) => {
      const y = this.#execute('Relu', [this.#float], [input as tf.Tensor]);
      (save as tf.GradSaveFunc)([y]);
      return {
        value: y,
        gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => this.#reluGradient(dy, saved as T),
      };
    })(x) as T;
  }

  gelu<T extends tf.Tensor>(x: T): T {
    return composedOps.gelu(x);
  }

  layerNorm<T extends tf.Tensor>(x: T, gamma: tf.Tensor1D, beta: tf.Tensor1D): T {
    return composedOps.layerNorm(x, gamma, beta);
  }

  maxPool2x2(x: tf.Tensor4D): tf.Tensor4D {
    return tf.customGrad((input, save) => {
      const y = this.#execute('MaxPool', this.#window, [input as tf.Tensor]);
      (save as tf.GradSaveFunc)([input as tf.Tensor, y]);
      return {
        value: y,
        gradFunc: (dy: tf.Tensor, [xs, ys]: tf.Tensor[]) =>
          this.#unpool(dy, xs as tf.Tensor, ys as tf.Tensor),
      };
    })(x) as tf.Tensor4D;
  }

  batchNorm(x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D): ReturnType<Ops['batchNorm']> {
    const statistics: tf.Tensor[] = [];
    const y = tf.customGrad((...given) => {
      const [input, scale, shift, save] = given as unknown as [
        tf.Tensor4D,
        tf.Tensor1D,
        tf.Tensor1D,
        tf.GradSaveFunc,
      ];
      const { value, mean, variance, reserved } = this.normalize(input, scale, shift);
      save([input, scale, ...reserved]);
      statistics.push(tf.keep(mean), tf.keep(variance));
      return {
        value,
        gradFunc: (dy: tf.Tensor, [xs, gammas, ...rest]: tf.Tensor[]) =>
          this.batchNormGradients(dy, xs as tf.Tensor, gammas as tf.Tensor, rest),
      };
    })(x, gamma, beta) as tf.Tensor4D;
    // Kept past the gradient's scope, they now join the caller's.
    const [mean, variance] = statistics.map((kept) => {
      const joined = tf.clone(kept);
      kept.dispose();
      return joined;
    }) as [tf.Tensor1D, tf.Tensor1D];
    return { y, mean, variance };
  }

  protected normalize(x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D): Normalized {
    return this.#backend.isUsingGpuDevice
      ? this.#normalizeFused(x, gamma, beta)
      : normalizeByMoments(x, gamma, beta);
  }

  /** By TensorFlow's kernel for GPUs, whose gradient takes what it reserved in a form of its own. */
  #normalizeFused(x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D): Normalized {
    const empty = tf.tensor1d([]);
    const [value, mean, variance, ...reserved] = this.#backend.executeMultipleOutputs(
      'FusedBatchNormV3',
      [...this.#normalization, this.#averagingFactor],
      [x, gamma, beta, empty, empty],
      6,
    ) as [tf.Tensor, tf.Tensor, tf.Tensor, ...tf.Tensor[]];
    return { value, mean, variance, reserved };
  }

  /** Many products of a small matrix and a vector take TensorFlow longer than one large product. */
  sumChannels(x: tf.Tensor4D, weights: tf.Tensor2D): tf.Tensor3D {
    const [batch, , , channels] = x.shape;
    const spread = (w: tf.Tensor): tf.Tensor => tf.reshape(w, [batch, 1, 1, channels]);
    return withGradient(
      [x, weights],
      [x, weights],
      () => tf.sum(tf.mul(x, spread(weights)), 3),
      (dy, [xs, ws]) => {
        const each = tf.expandDims(dy, 3);
        const byWeight = tf.sum(tf.mul(each, xs as tf.Tensor), [1, 2]);
        return [tf.mul(each, spread(ws as tf.Tensor)), byWeight];
      },
    ) as tf.Tensor3D;
  }

  dropoutMask(position: tf.Tensor1D, shape: [number, number], dropout: number): tf.Tensor2D {
    const kept = tf.less(this.#drawWords(position, shape), keepThreshold(1 - dropout));
    return tf.mul(tf.cast(kept, 'float32'), 1 / (1 - dropout));
  }

  /** int32 words of Philox: the second version of TensorFlow's operation, the first draws others under XLA. */
  #drawWords(position: tf.Tensor1D, shape: [number, number]): tf.Tensor2D {
    const { binding } = this.#backend;
    const { TF_INT32 } = binding;
    const type = (name: string, value: number) => ({ name, type: binding.TF_ATTR_TYPE, value });
    const asUint64 = (words: tf.Tensor): number => {
      const types = [type('T', TF_INT32), type('type', uint64)];
      const [{ id } = { id: -1 }] = binding.executeOp('Bitcast', types, this.#idsOf([words]), 1);
      return id;
    };
    const [key, counter] = tf.split(position, [2, 4]) as [tf.Tensor1D, tf.Tensor1D];
    const ids = [tf.reshape(key, [1, 2]), tf.reshape(counter, [2, 2])].map(asUint64);
    const [keyId = -1, counterId = -1] = ids;
    const [sizes = -1, algorithm = -1] = this.#idsOf([
      tf.tensor1d(shape, 'int32'),
      tf.scalar(philoxAlgorithm, 'int32'),
    ]);
    const [words] = binding.executeOp(
      'StatelessRandomUniformFullIntV2',
      [type('dtype', TF_INT32), type('Tshape', TF_INT32)],
      [sizes, keyId, counterId, algorithm],
      1,
    );
    for (const id of ids) binding.deleteTensor(id);
    return this.#backend.createOutputTensor(words as NativeTensor) as tf.Tensor2D;
  }

  #idsOf(tensors: tf.Tensor[]): number[] {
    return this.#backend.getInputTensorIds(tensors);
  }

  batchNormInference(...inputs: Parameters<Ops['batchNormInference']>): tf.Tensor4D {
    return composedOps.batchNormInference(...inputs);
  }

  areFinite(vectors: readonly tf.Tensor1D[]): tf.Scalar {
    return composedOps.areFinite(vectors);
  }

  #execute(op: string, attributes: OpAttribute[], inputs: tf.Tensor[]): tf.Tensor {
    return this.#backend.executeMultipleOutputs(op, attributes, inputs, 1)[0] as tf.Tensor;
  }

  #reluGradient(dy: tf.Tensor, y: tf.Tensor): tf.Tensor {
    return withGradient(
      [dy],
      [y],
      () => this.#execute('ReluGrad', [this.#float], [dy, y]),
      (ddy, [saved]) => [this.#reluGradient(ddy, saved as tf.Tensor)],
    );
  }

  /** Brings each window's gradient to its maximum. */
  #unpool(dy: tf.Tensor, x: tf.Tensor, y: tf.Tensor): tf.Tensor {
    return withGradient(
      [dy],
      [x, y],
      () => this.#execute('MaxPoolGrad', this.#window, [x, y, dy]),
      (g, [xs, ys]) => [this.#gather(g, xs as tf.Tensor, ys as tf.Tensor)],
    );
  }

  /** The adjoint of `unpool`: what lies at each window's maximum. */
  #gather(g: tf.Tensor, x: tf.Tensor, y: tf.Tensor): tf.Tensor {
    return withGradient(
      [g],
      [x, y],
      () => this.#execute('MaxPoolGradGrad', this.#window, [x, y, g]),
      (dy, [xs, ys]) => [this.#unpool(dy, xs as tf.Tensor, ys as tf.Tensor)],
    );
  }

  /** By x, gamma and beta. */
  protected batchNormGradients(
    dy: tf.Tensor,
    x: tf.Tensor,
    gamma: tf.Tensor,
    reserved: tf.Tensor[],
  ): tf.Tensor[] {
    // A tape that records the backward pass is there to differentiate it once more.
    if (tf.engine().isTapeOn()) {
      const gradients = composeBatchNormGradient(dy, x, gamma);
      return [gradients.x, gradients.gamma, gradients.beta];
    }
    const inputs = [dy, x, gamma, ...reserved];
    const outputs = this.#backend.executeMultipleOutputs(
      'FusedBatchNormGradV3',
      this.#normalization,
      inputs,
      5,
    );
    return outputs.slice(0, 3);
  }
}
