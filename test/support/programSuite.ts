import * as tf from '@tensorflow/tfjs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Engine, Program } from '../../src/main/learning/engine/engine.ts';
import { sizeOfCall, type Feed } from '../../src/main/learning/engine/feed.ts';

type Name = 'accumulate' | 'swap' | 'look' | 'fold';

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
      /** Of bytes, a whole number and floats: both take half of themselves and the sums; gives the first and the sums. */
      fold: (inputs, [a, b]) => {
        const sums = inputs.map((x) => tf.sum(tf.cast(x, 'float32')));
        const next = [a, b].map((vector) =>
          tf.add<tf.Tensor1D>(tf.mul(vector as tf.Tensor1D, 0.5), tf.addN(sums)),
        );
        return {
          outputs: [tf.concat1d([a as tf.Tensor1D, tf.stack(sums) as tf.Tensor1D])],
          state: next,
        };
      },
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

    /** Bytes [2, 3], a whole number and two floats for each call. */
    const feedsOf = (calls: number): Feed[] => [
      { values: Uint8Array.from({ length: 6 * calls }, (_, i) => (i * 37) % 256), shape: [2, 3] },
      { values: Int32Array.from({ length: calls }, (_, i) => i - 2), shape: [] },
      { values: Float32Array.from({ length: 2 * calls }, (_, i) => i / 8), shape: [2] },
    ];

    it.each([0, 2, 64])('does the same several times in one call, %i at once', (atOnce) => {
      const program = loadProgram(getEngine());
      const calls = 5;
      const rows = program.repeat('fold', calls, feedsOf(calls), atOnce);
      let [a, b] = [
        [1, 2],
        [10, 20, 30],
      ];
      for (let call = 0; call < calls; call += 1) {
        const bytes = Array.from({ length: 6 }, (_, i) => (((6 * call + i) * 37) % 256) / 255);
        const sums = [bytes.reduce((x, y) => x + y), call - 2, (4 * call + 1) / 8];
        const expected = [...a, ...sums];
        expected.forEach((value, i) => {
          expect(rows[5 * call + i]).toBeCloseTo(value, 4);
        });
        const total = sums.reduce((x, y) => x + y);
        [a, b] = [a.map((value) => value / 2 + total), b.map((value) => value / 2 + total)];
      }
      expect(rows).toHaveLength(5 * calls);
      expect(
        readState(program)
          .flat()
          .map((value) => value.toFixed(3)),
      ).toEqual([...a, ...b].map((value) => value.toFixed(3)));
    });

    it('gives the same bits however calls are put together, past what an engine takes at once', () => {
      const calls = 150;
      const feeds = feedsOf(calls);
      const [whole, pieces] = [loadProgram(getEngine()), loadProgram(getEngine())];
      const rows = whole.repeat('fold', calls, feeds);
      let first = 0;
      for (const count of [1, 100, 2, 47]) {
        const piece = feeds.map((feed) => {
          const size = sizeOfCall(feed);
          return { ...feed, values: feed.values.subarray(first * size, (first + count) * size) };
        });
        const given = pieces.repeat('fold', count, piece);
        expect(given).toEqual(rows.subarray(5 * first, 5 * (first + count)));
        first += count;
      }
      expect(readState(pieces)).toEqual(readState(whole));
    });

    it('leaves no tensor behind', () => {
      const before = tf.memory().numTensors;
      const program = loadProgram(getEngine());
      for (const name of ['accumulate', 'swap', 'look'] as const) run(program, name, 1, 2);
      program.repeat('fold', 3, feedsOf(3));
      readState(program);
      program.close();
      expect(tf.memory().numTensors).toBe(before);
    });
  });
}
