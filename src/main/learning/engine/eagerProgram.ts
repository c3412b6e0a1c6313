import * as tf from '@tensorflow/tfjs';
import { joinFloats } from '../../../core/arrays.ts';
import type { Program, StateFunction } from './engine.ts';
import { tensorOf, type Feed } from './feed.ts';

/** How a function of a program is run; what it prepares, it keeps by the key. */
export interface Runner {
  /** @param key of the function and its inputs' shapes */
  run(
    key: string,
    fn: StateFunction,
    ...given: Parameters<StateFunction>
  ): ReturnType<StateFunction>;
  close(): void;
}

/** As it is, operation by operation. */
const asItIs: Runner = {
  run: (_, fn, inputs, state) => tf.tidy(() => ({ ...fn(inputs, state) })),
  close: () => undefined,
};

/** Functions that run one after the other, on a state of ordinary tensors. */
export class EagerProgram<Name extends string> implements Program<Name> {
  readonly #functions: Record<Name, StateFunction>;
  readonly #runner: Runner;
  #state: tf.Tensor1D[] = [];

  constructor(functions: Record<Name, StateFunction>, runner: Runner = asItIs) {
    this.#functions = functions;
    this.#runner = runner;
  }

  readState(): Float32Array[] {
    return this.#state.map((vector) => vector.dataSync<'float32'>().slice());
  }

  writeState(state: readonly Float32Array[]): void {
    this.#replaceState(state.map((values) => tf.tensor1d(values)));
  }

  run(name: Name, inputs: tf.Tensor[]): tf.Tensor[] {
    const key = [name, ...inputs.map(({ shape, dtype }) => `${dtype} ${shape.join('x')}`)].join(
      ', ',
    );
    const { outputs, state } = this.#runner.run(key, this.#functions[name], inputs, this.#state);
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
    this.#runner.close();
  }

  #replaceState(state: tf.Tensor1D[]): void {
    tf.dispose(this.#state);
    this.#state = state;
  }
}
