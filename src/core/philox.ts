/**
 * Philox 4x32-10, a generator without a state: a bijection of counters of 128 bits under a key of 64, whose
 * outputs pass as random (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2,
 * 3"). Numbers here are unsigned and of 32 bits, the lowest word first.
 */

export type PhiloxKey = readonly [number, number];
export type PhiloxCounter = readonly [number, number, number, number];

export const philoxRounds = 10;
/** What words 0 and 2 of a counter are multiplied by. */
export const philoxMultipliers = [0xd2511f53, 0xcd9e8d57] as const;
/** What the key's words grow by from round to round. */
export const philoxIncrements = [0x9e3779b9, 0xbb67ae85] as const;
export const wordsPerBlock = 4;

/** The upper 32 bits of a product; halves of 16 bits keep every step exact. */
function multiplyHigh(a: number, b: number): number {
  const low = Math.floor(((a & 0xffff) * b) / 2 ** 16);
  return Math.floor(((a >>> 16) * b + low) / 2 ** 16);
}

/** The four words of the block that a counter stands for. */
export function philox4x32(key: PhiloxKey, counter: PhiloxCounter): PhiloxCounter {
  const [[factor0, factor1], [step0, step1]] = [philoxMultipliers, philoxIncrements];
  let [key0, key1] = key;
  let [x0, x1, x2, x3] = counter;
  for (let round = 0; round < philoxRounds; round += 1) {
    const next0 = (multiplyHigh(factor1, x2) ^ x1 ^ key0) >>> 0;
    const next2 = (multiplyHigh(factor0, x0) ^ x3 ^ key1) >>> 0;
    [x0, x1, x2, x3] = [next0, Math.imul(factor1, x2) >>> 0, next2, Math.imul(factor0, x0) >>> 0];
    key0 = (key0 + step0) >>> 0;
    key1 = (key1 + step1) >>> 0;
  }
  return [x0, x1, x2, x3];
}

/** The counter `blocks` further on, a whole number >= 0; after the last one comes 0. */
export function advanceCounter(counter: PhiloxCounter, blocks: number): PhiloxCounter {
  let carry = blocks;
  const advanced = counter.map((word) => {
    const sum = word + carry;
    carry = Math.floor(sum / 2 ** 32);
    return sum % 2 ** 32;
  });
  return advanced as [number, number, number, number];
}

/** Fills `words` with word i % 4 of block `counter` + floor(i / 4) at i. */
export function fillWords(
  key: PhiloxKey,
  counter: PhiloxCounter,
  words: Uint32Array | Int32Array,
): void {
  for (let i = 0; i < words.length; i += wordsPerBlock) {
    const block = philox4x32(key, advanceCounter(counter, i / wordsPerBlock));
    words.set(block.slice(0, words.length - i), i);
  }
}
