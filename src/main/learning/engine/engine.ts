import * as tf from '@tensorflow/tfjs';
import type { EngineInfo } from '../../../shared/records.ts';
import type { Ops } from './ops.ts';

/** A pure function of tensors: it keeps nothing, and its inputs stay the caller's. */
export type TensorFunction = (inputs: tf.Tensor[]) => tf.Tensor[];

/** What computes: the only thing that training knows of a tfjs backend. */
export interface Engine {
  info: EngineInfo;
  ops: Ops;
  /**
   * Prepares a function for many calls. Its outputs belong to the caller, who disposes them.
   * An engine may trace the function at the first call for each combination of input shapes, so the
   * function must not branch on tensor values.
   */
  compile(fn: TensorFunction): TensorFunction;
  /** Releases everything that `compile` prepared. */
  close(): void;
}

/** Runs a function as it is, freeing what it made on the way. */
export const compileEagerly =
  (fn: TensorFunction): TensorFunction =>
  (inputs) =>
    tf.tidy(() => fn(inputs));
