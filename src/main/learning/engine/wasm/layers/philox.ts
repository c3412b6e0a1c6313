import {
  philoxIncrements,
  philoxMultipliers,
  philoxRounds,
  wordsPerBlock,
} from '../../../../../core/philox.ts';
import {
  defineFunction,
  type FunctionBody,
  type FunctionDefinition,
  type Variable,
} from '../module/assembler.ts';
import { i32, i32x4, vectorLanes, type Integer, type Value } from '../module/lanes.ts';

/*
 * core/philox.ts on vectors: each lane works on a block of its own, so that four blocks advance together.
 */

const parameters = ['key0', 'key1', 'c0', 'c1', 'c2', 'c3', 'first', 'out', 'bytes'] as const;
type Name = (typeof parameters)[number];
type Lanes4 = [Variable, Variable, Variable, Variable];

const blocksAtOnce = 4;
const vectorBytes = 16;
const groupBytes = blocksAtOnce * vectorBytes;

/** counter += step, unsigned, with the carry from word to word. */
function advance(f: FunctionBody, counter: Lanes4, step: Value): void {
  const [lowest, ...others] = counter;
  f.set(lowest, i32x4.add(lowest, step));
  const carry = f.let(i32x4.lessThanUnsigned(lowest, step));
  for (const word of others) {
    f.set(word, i32x4.subtract(word, carry));
    f.set(carry, i32x4.and(carry, i32x4.equal(word, i32x4.splat(0))));
  }
}

/** The upper and the lower halves of the products of four lanes with a factor. */
function multiply(f: FunctionBody, a: Value, factor: Value): { high: Value; low: Value } {
  const [first, last] = [
    f.let(i32x4.multiplyFirst(a, factor)),
    f.let(i32x4.multiplyLast(a, factor)),
  ];
  return {
    high: i32x4.pick(first, last, [1, 3, 5, 7]),
    low: i32x4.pick(first, last, [0, 2, 4, 6]),
  };
}

/** The words of four blocks, by word. */
function emitRounds(f: FunctionBody, counter: Lanes4, keys: readonly [Value, Value]): Lanes4 {
  const key = keys.map((word) => f.let(word)) as [Variable, Variable];
  const factors = philoxMultipliers.map((factor) => f.let(i32x4.splat(factor)));
  const x = counter.map((word) => f.let(word)) as Lanes4;
  for (let round = 0; round < philoxRounds; round += 1) {
    const [a, b] = [multiply(f, x[0], factors[0] as Value), multiply(f, x[2], factors[1] as Value)];
    const next = [
      f.let(i32x4.xor(i32x4.xor(b.high, x[1]), key[0])),
      f.let(b.low),
      f.let(i32x4.xor(i32x4.xor(a.high, x[3]), key[1])),
      f.let(a.low),
    ];
    next.forEach((word, i) => {
      f.set(x[i] as Variable, word);
    });
    key.forEach((word, i) => {
      f.set(word, i32x4.add(word, i32x4.splat(philoxIncrements[i] as number)));
    });
  }
  return x;
}

/** The same words block by block. */
function transposeWords(f: FunctionBody, [x0, x1, x2, x3]: Lanes4): Variable[] {
  const pairs = ([0, 2] as const).flatMap((lane) => {
    const lanes = [lane, lane + 4, lane + 1, lane + 5] as const;
    const [lower, upper] = [f.let(i32x4.pick(x0, x1, lanes)), f.let(i32x4.pick(x2, x3, lanes))];
    return [i32x4.pick(lower, upper, [0, 1, 4, 5]), i32x4.pick(lower, upper, [2, 3, 6, 7])];
  });
  return pairs.map((block) => f.let(block));
}

/** Stores those of four blocks that begin, or lie, before `end`. */
function storeTail(f: FunctionBody, out: Variable, end: Value, blocks: readonly Value[]): void {
  blocks.forEach((block, i) => {
    for (let lane = 0; lane < wordsPerBlock; lane += 1) {
      const offset = vectorBytes * i + 4 * lane;
      f.when(i32.lessThan(i32.add(out, offset), end), () => {
        f.run(i32x4.storeLane(out, block, lane, offset));
      });
    }
  });
}

/**
 * Writes `bytes` of words, each as `finish` makes it, to `out`: word i % 4 of block counter + first +
 * floor(i / 4) at i.
 */
function defineFill<Extra extends string>(
  extras: readonly Extra[],
  finish: (words: Value, extra: Readonly<Record<Extra, Variable>>) => Value,
): FunctionDefinition<Name | Extra> {
  return defineFunction<Name | Extra>([...parameters, ...extras], (f, p) => {
    const splat = (value: Integer): Variable => f.let(i32x4.splat(value));
    const counter: Lanes4 = [splat(p.c0), splat(p.c1), splat(p.c2), splat(p.c3)];
    advance(f, counter, f.let(i32x4.add(i32x4.splat(p.first), i32x4.constant([0, 1, 2, 3]))));
    const keys = [splat(p.key0), splat(p.key1)] as const;
    const emitBlocks = (): Value[] =>
      transposeWords(f, emitRounds(f, counter, keys)).map((block) => f.let(finish(block, p)));
    const end = f.let(i32.add(p.out, p.bytes));
    const whole = f.let(i32.add(p.out, i32.and(p.bytes, -groupBytes)));
    f.advance(p.out, whole, groupBytes, () => {
      emitBlocks().forEach((block, i) => {
        f.run(vectorLanes.store(p.out, block, vectorBytes * i));
      });
      advance(f, counter, i32x4.splat(blocksAtOnce));
    });
    f.when(i32.lessThan(p.out, end), () => {
      storeTail(f, p.out, end, emitBlocks());
    });
  });
}

/** The words themselves, as int32. */
export const philoxWords = defineFill([], (words) => words);

/** word < threshold ? the float whose bits are `scale` : 0, with both as signed integers. */
export const philoxMask = defineFill(['threshold', 'scale'], (words, { threshold, scale }) =>
  i32x4.and(i32x4.lessThan(words, i32x4.splat(threshold)), i32x4.splat(scale)),
);
