import { defineFunction, type FunctionBody, type Variable } from '../module/assembler.ts';
import { f64x2, i32, i32x4, type Value } from '../module/lanes.ts';

const { add, subtract, multiply, divide, choose } = f64x2;

/** A number in both lanes, as a variable of the function. */
type Numbers = (value: number) => Value;

/** c0 + x (c1 + x (c2 + ...)) */
function polynomial(n: Numbers, x: Value, [first = 0, ...others]: readonly number[]): Value {
  if (others.length === 0) return n(first);
  return add(n(first), multiply(x, polynomial(n, x, others)));
}

const [ln2High, ln2Low] = [6.9314718036912381649e-1, 1.90821492927058770002e-10];
const remez = [
  ...[1.66666666666666019037e-1, -2.77777777770155933842e-3, 6.61375632143793436117e-5],
  ...[-1.6533902205465251539e-6, 4.13813679705723846039e-8],
];
/** The upper halves of ln(2) / 2, 3 ln(2) / 2 and 2^-28, as bits. */
const [halfLn2, threeHalvesLn2, tiny] = [0x3fd62e42, 0x3ff0a2b2, 0x3e300000];
/** Below it there is no double but 0. */
const leastExponent = -7.4513321910194110842e2;

/**
 * e^x for x <= 0 to the bit as `Math.exp` of V8: the algorithm of fdlibm, whose cases are chosen lane by
 * lane. With x = k ln 2 + r, e^x = 2^k e^r, and e^r = 1 + r + r c / (2 - c), where c = r - r^2 P(r^2).
 */
function exponential(f: FunctionBody, n: Numbers, x: Variable): Variable {
  const magnitude = f.let(f64x2.magnitude(x));
  const upper = f.let(i32x4.pick(magnitude, magnitude, [1, 1, 3, 3]));
  const isBelow = (bits: number): Value =>
    i32x4.lessThan(upper, f.constant(i32x4.constant([bits, bits, bits, bits])));
  const far = f64x2.truncate(add(multiply(n(Math.LOG2E), x), n(-0.5)));
  const k = f.let(choose(isBelow(halfLn2 + 1), n(0), choose(isBelow(threeHalvesLn2), n(-1), far)));
  const high = f.let(subtract(x, multiply(k, n(ln2High))));
  const low = f.let(multiply(k, n(ln2Low)));
  const r = f.let(subtract(high, low));
  const squared = f.let(multiply(r, r));
  const c = f.let(subtract(r, multiply(squared, polynomial(n, squared, remez))));
  const quotient = divide(multiply(r, c), subtract(n(2), c));
  const power = f.let(
    choose(isBelow(tiny), add(n(1), x), subtract(n(1), subtract(subtract(low, quotient), high))),
  );
  // What has no exponent of its own is scaled twice.
  const isDeep = f.let(f64x2.lessThan(k, n(-1021)));
  const shifted = choose(isDeep, add(k, n(1000)), k);
  const scale = choose(isDeep, n(2 ** -1000), n(1));
  const scaled = multiply(multiply(power, f64x2.powerOfTwo(shifted)), scale);
  return f.let(choose(f64x2.lessThan(x, n(leastExponent)), n(0), scaled));
}

/**
 * The error function's complement times exp(u^2), for u >= 0, within 1.5e-7: formula 7.1.26 of Abramowitz
 * and Stegun.
 */
function scaledComplement(f: FunctionBody, n: Numbers, u: Value): Value {
  const t = f.let(divide(n(1), add(n(1), multiply(n(0.3275911), u))));
  const coefficients = [0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429];
  return multiply(t, polynomial(n, t, coefficients));
}

const densityScale = 1 / Math.sqrt(2 * Math.PI);

interface Normal {
  /** exp(-v^2 / 2) */
  bell: Variable;
  /** P(v), the normal distribution. */
  below: Variable;
}

function distribution(f: FunctionBody, n: Numbers, v: Variable): Normal {
  const bell = exponential(f, n, f.let(multiply(multiply(n(-0.5), v), v)));
  const u = multiply(f64x2.magnitude(v), n(Math.SQRT1_2));
  const tail = f.let(multiply(multiply(n(0.5), bell), scaledComplement(f, n, u)));
  const isNegative = f64x2.lessThan(v, n(0));
  return { bell, below: f.let(choose(isNegative, tail, subtract(n(1), tail))) };
}

/** Derivatives of v P(v). */
const derivatives = {
  value: (_, v, { below }) => multiply(v, below),
  slope: (n, v, { bell, below }) => add(below, multiply(multiply(v, bell), n(densityScale))),
  curvature: (n, v, { bell }) =>
    multiply(multiply(bell, n(densityScale)), subtract(n(2), multiply(v, v))),
} satisfies Record<string, (n: Numbers, v: Variable, normal: Normal) => Value>;

const defineDerivatives = <const Output extends keyof typeof derivatives>(...outputs: Output[]) =>
  defineFunction<'x' | Output | 'bytes'>(['x', ...outputs, 'bytes'], (f, p) => {
    const n: Numbers = (value) => f.constant(f64x2.constant(value));
    const at = f.let(0);
    const compute = (count: 1 | 2): void => {
      const v = f.let(f64x2.load(i32.add(p.x, at), count));
      const normal = distribution(f, n, v);
      for (const output of outputs) {
        const address = i32.add(p[output], at);
        f.run(f64x2.store(address, derivatives[output](n, v, normal), count));
      }
    };
    f.advance(at, i32.and(p.bytes, -8), 8, () => {
      compute(2);
    });
    f.advance(at, p.bytes, 4, () => {
      compute(1);
    });
  });

/** x P(x) and its first two derivatives, in double precision inside. */
export const [gelu, geluSlope, geluCurvature] = [
  defineDerivatives('value'),
  defineDerivatives('slope'),
  defineDerivatives('curvature'),
];
/** The first two at once. */
export const geluWithSlope = defineDerivatives('value', 'slope');
