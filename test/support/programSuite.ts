import * as tf from '@tensorflow/tfjs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Engine, Program } from '../../src/main/learning/engine/engine.ts';

type Name = 'accumulate' | 'swap' | 'look';

/** Two vectors, of 2 and 3 numbers. */
function loadProgram(engine: Engine): Program<Name> {
  const program = engine.load<Name>(
    {
      /** Adds the sum of the input to both; gives what they were before. */
      accumulate: ([x], [a, b]) => ({
        outputs: [tf.clone(a as tf.Tensor1D), tf.clone(b as tf.Tensor1D)],
        state: [a, b].map((vector) =>
          tf.add<tf.Tensor1D>(vector as tf.Tensor1D, tf.sum(x as tf.Tensor)),
        ),
      }),
      /** The first takes the beginning of the second, the second the first and a zero. */
      swap: (_, [a, b]) => ({
        outputs: [tf.scalar(1)],
        state: [tf.slice1d(b as tf.Tensor1D, 0, 2), tf.concat1d([a as tf.Tensor1D, [0]])],
      }),
      look: ([x], [a]) => ({ outputs: [tf.mul(x as tf.Tensor, tf.sum(a as tf.Tensor1D))] }),
    },
    [2, 3],
  );
  onTestFinished(() => {
    program.close();
  });
  program.writeState([Float32Array.of(1, 2), Float32Array.of(10, 20, 30)]);
  return program;
}

function run(program: Program<Name>, name: Name, ...inputs: number[]): number[][] {
  const x = tf.tensor1d(inputs);
  const outputs = program.run(name, [x]);
  const values = outputs.map((tensor) => [...tensor.dataSync()]);
  tf.dispose([x, ...outputs]);
  return values;
}

const readState = (program: Program<Name>): number[][] =>
  program.readState().map((vector) => [...vector]);

/** What functions with a state do, on an engine that opens in a `beforeAll`. */
export function describePrograms(getEngine: () => Engine): void {
  describe('a program', () => {
    it('gives its functions the state as it was, and replaces it after them', () => {
      const program = loadProgram(getEngine());
      expect(run(program, 'accumulate', 1, 2)).toEqual([
        [1, 2],
        [10, 20, 30],
      ]);
      expect(run(program, 'accumulate', 5, 5)).toEqual([
        [4, 5],
        [13, 23, 33],
      ]);
      expect(readState(program)).toEqual([
        [14, 15],
        [23, 33, 43],
      ]);
    });

    it('reads all of the state before it replaces any', () => {
      const program = loadProgram(getEngine());
      for (const expected of [
        [
          [10, 20],
          [1, 2, 0],
        ],
        [
          [1, 2],
          [10, 20, 0],
        ],
      ]) {
        run(program, 'swap', 0);
        expect(readState(program)).toEqual(expected);
      }
    });

    it('keeps the state where a function gives none, and over functions and shapes it first sees', () => {
      const program = loadProgram(getEngine());
      expect(run(program, 'look', 2)).toEqual([[6]]);
      run(program, 'accumulate', 1);
      expect(run(program, 'look', 1, 3)).toEqual([[5, 15]]);
      run(program, 'accumulate', 1, 1, 1);
      expect(run(program, 'look', 2)).toEqual([[22]]);
      expect(readState(program)).toEqual([
        [5, 6],
        [14, 24, 34],
      ]);
    });

    it('takes another state, and is apart from other programs', () => {
      const [program, other] = [loadProgram(getEngine()), loadProgram(getEngine())];
      run(program, 'accumulate', 1);
      program.writeState([Float32Array.of(7, 8), Float32Array.of(0, 0, 0)]);
      run(program, 'accumulate', 1);
      expect(readState(program)[0]).toEqual([8, 9]);
      expect(readState(other)[0]).toEqual([1, 2]);
    });

    it('leaves no tensor behind', () => {
      const before = tf.memory().numTensors;
      const program = loadProgram(getEngine());
      for (const name of ['accumulate', 'swap', 'look'] as const) run(program, name, 1, 2);
      readState(program);
      program.close();
      expect(tf.memory().numTensors).toBe(before);
    });
  });
}
