import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from '../../../core/config/runConfig.ts';

type OptimizerConfig = RunConfig['optimizer'];

/**
 * An optimizer as a pure function over one flat vector of parameters, with PyTorch's formulas and
 * defaults. What changes from step to step enters as scalars, so that a traced graph stays valid.
 */
export interface Optimizer {
  /** Names of the state vectors, each as long as the parameters and zero at first. */
  slots: readonly string[];
  /** Names of the scalars of `update`, in order. */
  scalarsAt(learningRate: number, step: number): readonly number[];
  update(
    parameters: tf.Tensor1D,
    gradient: tf.Tensor1D,
    slots: readonly tf.Tensor1D[],
    scalars: readonly tf.Scalar[],
  ): { parameters: tf.Tensor1D; slots: tf.Tensor1D[] };
}

type Vector = tf.Tensor1D;

const blend = (old: Vector, fresh: Vector, keep: number): Vector =>
  tf.add(tf.mul(old, keep), tf.mul(fresh, 1 - keep));

function take<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`optimizer: input ${index} is missing`);
  return item;
}

/** Kingma and Ba (2015), with bias correction; `step` counts from 1. */
function adam(): Optimizer {
  const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];
  return {
    slots: ['m', 'v'],
    scalarsAt: (learningRate, step) => [
      learningRate / (1 - beta1 ** step),
      1 / Math.sqrt(1 - beta2 ** step),
    ],
    update(parameters, gradient, slots, scalars) {
      const m = blend(take(slots, 0), gradient, beta1);
      const v = blend(take(slots, 1), tf.square(gradient), beta2);
      const denominator = tf.add(tf.mul(tf.sqrt(v), take(scalars, 1)), epsilon);
      const change = tf.div(tf.mul(m, take(scalars, 0)), denominator);
      return { parameters: tf.sub(parameters, change), slots: [m, v] };
    },
  };
}

function rmsprop(): Optimizer {
  const [rho, epsilon] = [0.99, 1e-8];
  return {
    slots: ['meanSquare'],
    scalarsAt: (learningRate) => [learningRate],
    update(parameters, gradient, slots, scalars) {
      const meanSquare = blend(take(slots, 0), tf.square(gradient), rho);
      const direction = tf.div(gradient, tf.add(tf.sqrt(meanSquare), epsilon));
      const change = tf.mul<Vector>(direction, take(scalars, 0));
      return { parameters: tf.sub(parameters, change), slots: [meanSquare] };
    },
  };
}

function sgd({ momentum }: { momentum: number }): Optimizer {
  return {
    slots: ['velocity'],
    scalarsAt: (learningRate) => [learningRate],
    update(parameters, gradient, slots, scalars) {
      const velocity = tf.add<Vector>(tf.mul(take(slots, 0), momentum), gradient);
      const change = tf.mul<Vector>(velocity, take(scalars, 0));
      return { parameters: tf.sub(parameters, change), slots: [velocity] };
    },
  };
}

const builders: {
  [Name in OptimizerConfig['name']]: (
    config: Extract<OptimizerConfig, { name: Name }>,
  ) => Optimizer;
} = { adam, rmsprop, sgd };

/** What computes the optimizer of a configuration: one function per descriptor. */
export const buildOptimizer = (config: OptimizerConfig): Optimizer =>
  (builders[config.name] as (config: OptimizerConfig) => Optimizer)(config);
