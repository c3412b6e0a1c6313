import * as tf from '@tensorflow/tfjs';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  fillWords,
  type PhiloxCounter,
  type PhiloxKey,
} from '../../../../../../src/core/philox.ts';
import { philoxKernels } from '../../../../../../src/main/learning/engine/wasm/layers/philoxKernels.ts';
import { philoxWords } from '../../../../../../src/main/learning/engine/wasm/layers/philox.ts';
import { instantiate } from '../../../../../../src/main/learning/engine/wasm/module/assembler.ts';
import { openWasmEngine } from '../../../../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { philoxVectors } from '../../../../../support/philoxVectors.ts';

beforeAll(async () => {
  await openWasmEngine();
});

interface Draw {
  key: PhiloxKey;
  counter: PhiloxCounter;
  size: number;
}

function draw(name: string, { key, counter, size }: Draw, attributes = {}): number[] {
  const attrs = { shape: [size], ...attributes } as unknown as tf.NamedAttrMap;
  return tf.tidy(() => {
    const position = tf.tensor1d(Int32Array.of(...key, ...counter), 'int32');
    return Array.from(tf.engine().runKernel<tf.Tensor>(name, { position }, attrs).dataSync());
  });
}

const expected = ({ key, counter, size }: Draw): Int32Array => {
  const words = new Int32Array(size);
  fillWords(key, counter, words);
  return words;
};

const word = fc.oneof(
  fc.constantFrom(0, 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32 - 2, 2 ** 32 - 4),
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
);
const draws: fc.Arbitrary<Draw> = fc.record({
  key: fc.tuple(word, word),
  counter: fc.tuple(word, word, word, word),
  size: fc.integer({ min: 1, max: 70 }),
});

describe('words', () => {
  it.each(philoxVectors)(
    'are the published ones of counter $counter',
    ({ key, counter, words }) => {
      const drawn = draw(philoxKernels.words, { key, counter, size: 4 });
      expect(drawn.map((value) => value >>> 0)).toEqual(words);
    },
  );

  it('are those of core, for any counter and any number of them', () => {
    fc.assert(
      fc.property(draws, (c) => {
        expect(draw(philoxKernels.words, c)).toEqual([...expected(c)]);
      }),
      { seed: 5 },
    );
  });
});

describe('a part of the words', () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { philoxWords: fill } = instantiate({ philoxWords }, memory);

  it('begins at any block, and what lies behind it stays', () => {
    const c: Draw = { key: [3, 4], counter: [2 ** 32 - 6, 2 ** 32 - 1, 5, 6], size: 75 };
    for (const [first, end] of [
      [0, 75],
      [4, 40],
      [20, 43],
      [36, 75],
    ] as const) {
      const words = new Int32Array(memory.buffer, 1024, 80).fill(9);
      const [[key0, key1], [c0, c1, c2, c3]] = [c.key, c.counter];
      const bytes = 4 * (end - first);
      const block = first / 4;
      fill({ key0, key1, c0, c1, c2, c3, first: block, out: 1024, bytes });
      const wanted = [...expected(c).subarray(4 * block, 4 * block + end - first)];
      expect([...words.subarray(0, end - first)]).toEqual(wanted);
      expect(words.subarray(end - first).every((value) => value === 9)).toBe(true);
    }
  });
});

describe('a mask', () => {
  it('has the scale where the signed word is below the threshold, and 0 elsewhere', () => {
    const threshold = fc.oneof(
      fc.constantFrom(0, -(2 ** 31), 2 ** 31 - 1),
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    );
    fc.assert(
      fc.property(draws, threshold, (c, limit) => {
        const attributes = { threshold: limit, scale: 1.25 };
        const wanted = Array.from(expected(c), (value) => (value < limit ? 1.25 : 0));
        expect(draw(philoxKernels.mask, c, attributes)).toEqual(wanted);
      }),
      { seed: 6 },
    );
  });
});
