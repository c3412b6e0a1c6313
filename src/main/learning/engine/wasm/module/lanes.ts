import { floatBytes, signedLeb, unsignedLeb, type Bytes, type ValueType } from './encoding.ts';

/** Instructions that leave one value on the stack. A value used twice is computed twice. */
export interface Value {
  readonly type: ValueType;
  readonly code: Bytes;
}

/** A plain number stands for a constant. */
export type Integer = Value | number;

const operation =
  (type: ValueType, ...opcode: number[]) =>
  (...operands: Value[]): Value => ({
    type,
    code: [...operands.flatMap(({ code }) => code), ...opcode],
  });

export const toValue = (integer: Integer): Value =>
  typeof integer === 'number' ? { type: 'i32', code: [0x41, ...signedLeb(integer)] } : integer;

const integerOperation = (opcode: number) => {
  const build = operation('i32', opcode);
  return (a: Integer, b: Integer): Value => build(toValue(a), toValue(b));
};

/** Arithmetic on addresses and byte counts, all of them unsigned. */
export const i32 = {
  add: integerOperation(0x6a),
  subtract: integerOperation(0x6b),
  multiply: integerOperation(0x6c),
  and: integerOperation(0x71),
  equal: integerOperation(0x46),
  lessThan: integerOperation(0x49),
};

/** Floats worked on at once: four in a vector, or one. Kernels are written once, for either. */
export interface Lanes {
  load: (address: Value, offset?: number) => Value;
  store: (address: Value, value: Value, offset?: number) => Bytes;
  /** All lanes hold the one float at the address. */
  broadcast: (address: Value, offset?: number) => Value;
  constant: (value: number) => Value;
  add: (a: Value, b: Value) => Value;
  subtract: (a: Value, b: Value) => Value;
  multiply: (a: Value, b: Value) => Value;
  divide: (a: Value, b: Value) => Value;
  squareRoot: (a: Value) => Value;
  /** NaN where either is NaN. */
  maximum: (a: Value, b: Value) => Value;
  /** a < b ? b : a, which keeps an a that is NaN. */
  atLeast: (a: Value, b: Value) => Value;
  /** Lane by lane: a > b ? yes : no. */
  ifGreater: (a: Value, b: Value, yes: Value, no: Value) => Value;
  /** Lane by lane: a = b ? yes : no. */
  ifEqual: (a: Value, b: Value, yes: Value, no: Value) => Value;
}

/** Floats lie at multiples of 4 bytes, 2 ** 2. */
const alignment = 2;

const loading =
  (type: ValueType, ...opcode: number[]) =>
  (address: Value, offset = 0): Value => ({
    type,
    code: [...address.code, ...opcode, alignment, ...unsignedLeb(offset)],
  });

const storing =
  (...opcode: number[]) =>
  (address: Value, value: Value, offset = 0): Bytes => [
    ...address.code,
    ...value.code,
    ...opcode,
    alignment,
    ...unsignedLeb(offset),
  ];

const choosing = (compare: (a: Value, b: Value) => Value, choose: (...v: Value[]) => Value) => {
  return (a: Value, b: Value, yes: Value, no: Value): Value => choose(yes, no, compare(a, b));
};

const simd = (...opcode: number[]) => operation('v128', 0xfd, ...opcode);

export const vectorLanes: Lanes = {
  load: loading('v128', 0xfd, 0x00),
  store: storing(0xfd, 0x0b),
  broadcast: loading('v128', 0xfd, 0x09),
  constant: (value) => {
    const lane = floatBytes(value);
    return { type: 'v128', code: [0xfd, 0x0c, ...lane, ...lane, ...lane, ...lane] };
  },
  add: simd(0xe4, 0x01),
  subtract: simd(0xe5, 0x01),
  multiply: simd(0xe6, 0x01),
  divide: simd(0xe7, 0x01),
  squareRoot: simd(0xe3, 0x01),
  maximum: simd(0xe9, 0x01),
  atLeast: simd(0xeb, 0x01),
  ifGreater: choosing(simd(0x44), simd(0x52)),
  ifEqual: choosing(simd(0x41), simd(0x52)),
};

const integerLanes = (opcode: number) => {
  const build = simd(...unsignedLeb(opcode));
  return (a: Value, b: Value): Value => build(a, b);
};

const splat = simd(0x11);

/** Four integers of 32 bits in a vector; sums wrap around. Comparisons give all bits or none. */
export const i32x4 = {
  splat: (value: Integer): Value => splat(toValue(value)),
  constant: (values: readonly [number, number, number, number]): Value => ({
    type: 'v128',
    code: [0xfd, 0x0c, ...new Uint8Array(Int32Array.from(values, (value) => value | 0).buffer)],
  }),
  add: integerLanes(0xae),
  subtract: integerLanes(0xb1),
  and: integerLanes(0x4e),
  xor: integerLanes(0x51),
  equal: integerLanes(0x37),
  lessThan: integerLanes(0x39),
  lessThanUnsigned: integerLanes(0x3a),
  /** Unsigned products of 64 bits, of lanes 0 and 1 and of lanes 2 and 3. */
  multiplyFirst: integerLanes(0xde),
  multiplyLast: integerLanes(0xdf),
  /** Lanes by number: 0 to 3 are a's, 4 to 7 b's. */
  pick: (a: Value, b: Value, lanes: readonly [number, number, number, number]): Value => ({
    type: 'v128',
    code: [
      ...a.code,
      ...b.code,
      0xfd,
      0x0d,
      ...lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)),
    ],
  }),
  /** Stores one lane. */
  storeLane: (address: Value, value: Value, lane: number, offset = 0): Bytes => [
    ...storing(0xfd, 0x5a)(address, value, offset),
    lane,
  ],
};

const doubleLanes = (opcode: number) => simd(...unsignedLeb(opcode));
const [promote, demote] = [doubleLanes(0x5f), doubleLanes(0x5e)];
const [extend, shift] = [doubleLanes(0xc7), doubleLanes(0xcb)];

/** Two floats in double precision. Comparisons give all bits or none. */
export const f64x2 = {
  /** Two floats of memory, or one and a zero. */
  load: (address: Value, count: 1 | 2): Value =>
    promote(loading('v128', 0xfd, count === 2 ? 0x5d : 0x5c)(address)),
  /** Rounds them to floats of memory: both or the first. */
  store: (address: Value, value: Value, count: 1 | 2): Bytes => [
    ...storing(0xfd, count === 2 ? 0x5b : 0x5a)(address, demote(value)),
    0,
  ],
  constant: (value: number): Value => {
    const lane = new Uint8Array(Float64Array.of(value).buffer);
    return { type: 'v128', code: [0xfd, 0x0c, ...lane, ...lane] };
  },
  add: doubleLanes(0xf0),
  subtract: doubleLanes(0xf1),
  multiply: doubleLanes(0xf2),
  divide: doubleLanes(0xf3),
  magnitude: doubleLanes(0xec),
  truncate: doubleLanes(0x7a),
  lessThan: doubleLanes(0x49),
  /** Lane by lane, by a comparison. */
  choose: (condition: Value, yes: Value, no: Value): Value => simd(0x52)(yes, no, condition),
  /** 2 to the power of whole numbers from -1022 to 1023. */
  powerOfTwo: (exponent: Value): Value => {
    const whole = extend(doubleLanes(0xfc)(f64x2.add(exponent, f64x2.constant(1023))));
    return shift(whole, toValue(52));
  },
};

export const scalarLanes: Lanes = {
  load: loading('f32', 0x2a),
  store: storing(0x38),
  broadcast: loading('f32', 0x2a),
  constant: (value) => ({ type: 'f32', code: [0x43, ...floatBytes(value)] }),
  add: operation('f32', 0x92),
  subtract: operation('f32', 0x93),
  multiply: operation('f32', 0x94),
  divide: operation('f32', 0x95),
  squareRoot: operation('f32', 0x91),
  maximum: operation('f32', 0x97),
  atLeast: (a, b) => choosing(operation('i32', 0x5d), operation('f32', 0x1b))(a, b, b, a),
  ifGreater: choosing(operation('i32', 0x5e), operation('f32', 0x1b)),
  ifEqual: choosing(operation('i32', 0x5b), operation('f32', 0x1b)),
};
