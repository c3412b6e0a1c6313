import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  defineFunction,
  instantiate,
  type FunctionDefinition,
} from '../../../../../../src/main/learning/engine/wasm/module/assembler.ts';
import {
  floatBytes,
  signedLeb,
  unsignedLeb,
} from '../../../../../../src/main/learning/engine/wasm/module/encoding.ts';
import {
  i32,
  scalarLanes,
  vectorLanes,
  type Lanes,
  type Value,
} from '../../../../../../src/main/learning/engine/wasm/module/lanes.ts';

describe('encoding', () => {
  it('writes the examples of the LEB128 articles', () => {
    expect(unsignedLeb(624485)).toEqual([0xe5, 0x8e, 0x26]);
    expect(signedLeb(-123456)).toEqual([0xc0, 0xbb, 0x78]);
    expect([unsignedLeb(127), unsignedLeb(128)]).toEqual([[127], [0x80, 1]]);
    expect([signedLeb(63), signedLeb(64), signedLeb(-64)]).toEqual([[63], [0xc0, 0], [0x40]]);
  });

  it('writes floats in little-endian order', () => {
    expect(floatBytes(1)).toEqual([0, 0, 0x80, 0x3f]);
    expect(floatBytes(-2.5)).toEqual([0, 0, 0x20, 0xc0]);
  });
});

const newMemory = (): WebAssembly.Memory => new WebAssembly.Memory({ initial: 1 });
const floats = (memory: WebAssembly.Memory, at: number, length: number): Float32Array =>
  new Float32Array(memory.buffer, at, length);

/** Writes the float at `from` to every other place below `end`. */
const fillEveryOther = defineFunction(['from', 'to', 'end'], (f, { from, to, end }) => {
  f.advance(to, end, 8, () => {
    f.run(scalarLanes.store(to, scalarLanes.load(from)));
  });
});

const doubleAll = defineFunction(['x', 'bytes'], (f, { x, bytes }) => {
  f.eachLane(bytes, (lanes, at) => {
    const address = f.let(i32.add(x, at));
    const value = f.let(lanes.load(address));
    f.run(lanes.store(address, lanes.add(value, value)));
  });
});

/** Writes the second float at x to four places from `out` + 16 on. */
const spreadSecond = defineFunction(['x', 'out'], (f, { x, out }) => {
  f.run(vectorLanes.store(out, vectorLanes.broadcast(x, 4), 16));
});

describe('functions', () => {
  it('count and branch', () => {
    const memory = newMemory();
    const { fill } = instantiate({ fill: fillEveryOther }, memory);
    floats(memory, 0, 1)[0] = 7;
    fill({ from: 0, to: 64, end: 64 });
    expect([...floats(memory, 64, 4)]).toEqual([0, 0, 0, 0]);
    fill({ from: 0, to: 64, end: 80 });
    expect([...floats(memory, 64, 5)]).toEqual([7, 0, 7, 0, 0]);
  });

  it('visit each of any number of floats once, also after memory has grown', () => {
    const memory = newMemory();
    const { double } = instantiate({ double: doubleAll }, memory);
    for (let length = 0; length <= 13; length += 1) {
      memory.grow(1);
      const x = memory.buffer.byteLength - 64;
      floats(memory, x, 16).fill(3);
      double({ x, bytes: 4 * length });
      const wanted = Array.from({ length: 16 }, (_, i) => (i < length ? 6 : 3));
      expect([...floats(memory, x, 16)]).toEqual(wanted);
    }
  });

  it('broadcast one float to all lanes', () => {
    const memory = newMemory();
    const { spread } = instantiate({ spread: spreadSecond }, memory);
    floats(memory, 0, 2).set([1, 2.5]);
    spread({ x: 0, out: 32 });
    expect([...floats(memory, 48, 4)]).toEqual([2.5, 2.5, 2.5, 2.5]);
  });
});

const f32 = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, Number.NaN, Number.POSITIVE_INFINITY),
  fc.float({ noNaN: true }),
);
const four = fc.tuple(f32, f32, f32, f32);

/** What each operation does to single floats. */
const operations: Record<
  string,
  { code: (lanes: Lanes, a: Value, b: Value) => Value; wanted: (a: number, b: number) => number }
> = {
  add: { code: (l, a, b) => l.add(a, b), wanted: (a, b) => a + b },
  subtract: { code: (l, a, b) => l.subtract(a, b), wanted: (a, b) => a - b },
  multiply: { code: (l, a, b) => l.multiply(a, b), wanted: (a, b) => a * b },
  maximum: { code: (l, a, b) => l.maximum(a, b), wanted: (a, b) => Math.max(a, b) },
  ifGreater: {
    code: (l, a, b) => l.ifGreater(a, b, a, l.constant(9)),
    wanted: (a, b) => (a > b ? a : 9),
  },
  ifEqual: {
    code: (l, a, b) => l.ifEqual(a, b, l.constant(-0.5), b),
    wanted: (a, b) => (a === b ? -0.5 : b),
  },
};

describe.each(Object.entries(operations))('%s', (_, { code, wanted }) => {
  const memory = newMemory();
  const apply = (lanes: Lanes): FunctionDefinition<'a' | 'b' | 'out'> =>
    defineFunction(['a', 'b', 'out'], (f, { a, b, out }) => {
      f.run(lanes.store(out, code(lanes, lanes.load(a), lanes.load(b))));
    });
  const definitions = { vector: apply(vectorLanes), scalar: apply(scalarLanes) };
  const { vector, scalar } = instantiate(definitions, memory);

  it('does the same to four floats as to one, and as JavaScript does', () => {
    fc.assert(
      fc.property(four, four, (a, b) => {
        floats(memory, 0, 4).set(a);
        floats(memory, 16, 4).set(b);
        vector({ a: 0, b: 16, out: 32 });
        for (const at of [0, 4, 8, 12]) scalar({ a: at, b: 16 + at, out: 48 + at });
        const expected = a.map((value, i) => Math.fround(wanted(value, b[i] as number)));
        expect([...floats(memory, 32, 4)]).toEqual(expected);
        expect([...floats(memory, 48, 4)]).toEqual(expected);
      }),
    );
  });
});
