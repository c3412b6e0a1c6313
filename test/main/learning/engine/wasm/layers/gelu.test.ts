import { expect, it } from 'vitest';
import { Random } from '../../../../../../src/core/random.ts';
import {
  gelu,
  geluCurvature,
  geluSlope,
  geluWithSlope,
} from '../../../../../../src/main/learning/engine/wasm/layers/gelu.ts';
import { instantiate } from '../../../../../../src/main/learning/engine/wasm/module/assembler.ts';

const definitions = { gelu, geluSlope, geluCurvature, geluWithSlope };
const memory = new WebAssembly.Memory({ initial: 64 });
const functions = instantiate(definitions, memory);
type Name = 'gelu' | 'geluSlope' | 'geluCurvature';

/** What a function makes of values, from the middle of memory and back. */
function compute(name: Name, values: Float32Array): Float32Array {
  const [x, out, bytes] = [1024, 2_000_000, values.byteLength];
  new Float32Array(memory.buffer, x, values.length).set(values);
  functions[name]({ x, bytes, value: out, slope: out, curvature: out });
  return new Float32Array(memory.buffer, out, values.length).slice();
}

/** The same in JavaScript's doubles, whose `Math.exp` is the one that is rebuilt. */
const expected: Readonly<Record<Name, (v: number) => number>> = {
  gelu: (v) => v * below(v),
  geluSlope: (v) => below(v) + v * bell(v) * (1 / Math.sqrt(2 * Math.PI)),
  geluCurvature: (v) => bell(v) * (1 / Math.sqrt(2 * Math.PI)) * (2 - v * v),
};
const bell = (v: number): number => Math.exp(-0.5 * v * v);
function below(v: number): number {
  const t = 1 / (1 + 0.3275911 * (Math.abs(v) * Math.SQRT1_2));
  const p = 1.421413741 + t * (-1.453152027 + t * 1.061405429);
  const tail = 0.5 * bell(v) * (t * (0.254829592 + t * (-0.284496736 + t * p)));
  return v < 0 ? tail : 1 - tail;
}

const random = Random.fromSeed(5);
/** Where the cases of the exponential part meet: zeros, what is tiny, multiples of ln 2, and where nothing is left. */
const edges = [
  ...[0, -0, 1e-30, 1e-9, 2 ** -14, 2 ** -13.5, Infinity, Number.NaN],
  ...Array.from({ length: 60 }, (_, k) => Math.sqrt(k * Math.LN2)),
  ...[37.5, 37.61, 37.7, 38.4, 38.6, 38.605, 38.61, 39, 1e10],
];
const near = edges.flatMap((edge) =>
  [-3, -1, 0, 1, 3].flatMap((step) => [edge, -edge].map((e) => e * (1 + step * 2 ** -23))),
);
const values = Float32Array.from([
  ...near,
  ...Array.from({ length: 100_000 }, () => random.normal(5)),
  ...Array.from({ length: 20_001 }, () => random.uniform(-40, 40)),
]);

it.for(Object.keys(expected) as Name[])('%s has the bits of the same in doubles', (name) => {
  const wanted = Float32Array.from(values, expected[name]);
  const bits = (list: Float32Array) =>
    Array.from(new Uint32Array(list.buffer), (word, i) => (list[i] === list[i] ? word : 'NaN'));
  expect(bits(compute(name, values))).toEqual(bits(wanted));
});

it('makes value and slope at once as apart', () => {
  const [x, value, slope, bytes] = [1024, 1_000_000, 2_000_000, values.byteLength];
  new Float32Array(memory.buffer, x, values.length).set(values);
  functions.geluWithSlope({ x, value, slope, bytes });
  const made = [value, slope].map((at) =>
    new Uint32Array(memory.buffer, at, values.length).slice(),
  );
  const apart = (['gelu', 'geluSlope'] as const).map((name) => compute(name, values));
  expect(made).toEqual(apart.map((list) => new Uint32Array(list.buffer)));
});

it('writes no more than it was given', () => {
  for (const length of [0, 1, 2, 3, 8]) {
    new Float32Array(memory.buffer, 2_000_000, 9).fill(-5);
    compute(
      'gelu',
      Float32Array.from({ length }, (_, i) => i + 1),
    );
    const after = [...new Float32Array(memory.buffer, 2_000_000, 9)];
    expect(after.slice(length)).toEqual(Array.from({ length: 9 - length }, () => -5));
    expect(after.slice(0, length).every((value) => value !== -5)).toBe(true);
  }
});

it('is the normal distribution’s share of x', () => {
  const [, one, two] = compute('gelu', Float32Array.of(0, 1, -2));
  // Φ(1) = 0.8413447, Φ(-2) = 0.0227501.
  expect(one).toBeCloseTo(0.8413447, 6);
  expect(two).toBeCloseTo(-2 * 0.0227501, 6);
});
