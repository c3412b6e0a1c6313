import type * as tf from '@tensorflow/tfjs';
import type { EngineInfo } from '../../../core/records.ts';
import type { Feed } from './feed.ts';
import type { Ops } from './ops.ts';

/**
 * A pure function of its inputs and of a state: what it gives, and the state that takes the old one's
 * place; without one the old stays. It keeps nothing, and its arguments stay the caller's.
 */
export type StateFunction = (
  inputs: tf.Tensor[],
  state: tf.Tensor1D[],
) => { outputs: tf.Tensor[]; state?: tf.Tensor1D[] };

/** Functions that share a state of float32 vectors, which is kept where the engine computes. */
export interface Program<Name extends string> {
  /** The vectors, in order; only after `writeState`. */
  readState(): Float32Array[];
  /** Takes a vector per size that the program was loaded with. */
  writeState(state: readonly Float32Array[]): void;
  /** Runs a function on inputs, which stay the caller's, as its outputs become. */
  run(name: Name, inputs: tf.Tensor[]): tf.Tensor[];
  /**
   * Runs a function with one output, a vector, several times, each on the state that the time before
   * left. The result does not depend on how calls are put together.
   *
   * @param atOnce how many calls are usually given together; by default as many as are worth it
   *   (`callsAtOnce`), 0 where feeds of these shapes are so rare that preparing much for them does not pay
   * @returns the outputs, [calls, length]
   */
  repeat(name: Name, calls: number, feeds: readonly Feed[], atOnce?: number): Float32Array;
  /** Releases the state and everything prepared. */
  close(): void;
}

/** What computes: the only thing that training knows of a tfjs backend. */
export interface Engine {
  info: EngineInfo;
  ops: Ops;
  /** Images of an evaluation batch at most: enough to keep it busy. */
  evaluationBatch: number;
  /** Whether a repeated function takes as long for one call as for as many as are given at once. */
  fullCalls: boolean;
  /**
   * Prepares functions for many calls. An engine may trace a function at the first call for each
   * combination of input shapes, so that a function must not branch on tensor values.
   */
  load<Name extends string>(
    functions: Record<Name, StateFunction>,
    stateSizes: readonly number[],
  ): Program<Name>;
}
