import * as tf from '@tensorflow/tfjs';
import { joinFloats } from '../../../core/arrays.ts';
import type { Program, StateFunction } from './engine.ts';
import { tensorOf, type Feed } from './feed.ts';

/** Functions that run as they are, operation by operation, on a state of ordinary tensors. */
export class EagerProgram<Name extends string> implements Program<Name> {
  readonly #functions: Record<Name, StateFunction>;
  #state: tf.Tensor1D[] = [];

  constructor(functions: Record<Name, StateFunction>) {
    this.#functions = functions;
  }

  readState(): Float32Array[] {
    return this.#state.map((vector) => vector.dataSync<'float32'>().slice());
  }

  writeState(state: readonly Float32Array[]): void {
    this.#replaceState(state.map((values) => tf.tensor1d(values)));
  }

  run(name: Name, inputs: tf.Tensor[]): tf.Tensor[] {
    const { outputs, state } = tf.tidy(() => ({ ...this.#functions[name](inputs, this.#state) }));
    if (state !== undefined) this.#replaceState(state);
    return outputs;
  }

  repeat(name: Name, calls: number, feeds: readonly Feed[]): Float32Array {
    const rows = Array.from({ length: calls }, (_, call) => {
      const inputs = feeds.map((feed) => tensorOf(feed, call));
      const outputs = this.run(name, inputs);
      const values = outputs[0]?.dataSync<'float32'>() ?? new Float32Array(0);
      tf.dispose([...inputs, ...outputs]);
      return values;
    });
    return joinFloats(rows);
  }

  close(): void {
    this.#replaceState([]);
  }

  #replaceState(state: tf.Tensor1D[]): void {
    tf.dispose(this.#state);
    this.#state = state;
  }
}
