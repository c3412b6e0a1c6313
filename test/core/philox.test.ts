import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceCounter, fillWords, philox4x32 } from '../../src/core/philox.ts';
import { philoxVectors } from '../support/philoxVectors.ts';

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const counters = fc.tuple(word, word, word, word);

describe('philox4x32', () => {
  it.each(philoxVectors)('gives the published words of counter $counter', (vector) => {
    expect(philox4x32(vector.key, vector.counter)).toEqual(vector.words);
  });
});

const asInteger = (counter: readonly number[]): bigint =>
  counter.reduceRight((sum, part) => (sum << 32n) + BigInt(part), 0n);

describe('advanceCounter', () => {
  it('adds to the counter as one number of 128 bits', () => {
    fc.assert(
      fc.property(counters, fc.integer({ min: 0, max: 2 ** 40 }), (counter, blocks) => {
        const wanted = (asInteger(counter) + BigInt(blocks)) % 2n ** 128n;
        expect(asInteger(advanceCounter(counter, blocks))).toBe(wanted);
      }),
    );
  });

  it('carries through every word', () => {
    const last = 2 ** 32 - 1;
    expect(advanceCounter([last, last, 7, 1], 1)).toEqual([0, 0, 8, 1]);
    expect(advanceCounter([last, last, last, last], 2)).toEqual([1, 0, 0, 0]);
  });
});

describe('fillWords', () => {
  it('writes block after block, the last one in part', () => {
    const [key, counter] = [[1, 2] as const, [2 ** 32 - 1, 0, 0, 9] as const];
    const words = new Uint32Array(6);
    fillWords(key, counter, words);
    const blocks = [philox4x32(key, counter), philox4x32(key, [0, 1, 0, 9])];
    expect([...words]).toEqual(blocks.flat().slice(0, 6));
  });
});
