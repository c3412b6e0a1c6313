import { defineFunction, type FunctionDefinition } from '../module/assembler.ts';
import { i32, type Lanes, type Value } from '../module/lanes.ts';

/** Code for the lanes of an output, from those of the operands. */
type Formula<Name extends string> = (lanes: Lanes, values: Readonly<Record<Name, Value>>) => Value;

/** out = formula(operands), element by element over `bytes`; of `scalars` each is one float for all. */
function defineElements<Operand extends string>(
  operands: readonly Operand[],
  scalars: readonly Operand[],
  formula: Formula<Operand>,
): FunctionDefinition<Operand | 'out' | 'bytes'> {
  return defineFunction<Operand | 'out' | 'bytes'>([...operands, 'out', 'bytes'], (f, p) => {
    f.eachLane(p.bytes, (lanes, at) => {
      const values = operands.map((name) => {
        const value = scalars.includes(name)
          ? lanes.broadcast(p[name])
          : lanes.load(i32.add(p[name], at));
        return [name, f.let(value)];
      });
      const result = formula(lanes, Object.fromEntries(values) as Record<Operand, Value>);
      f.run(lanes.store(i32.add(p.out, at), result));
    });
  });
}

type Binary = Formula<'a' | 'b'>;
const binary = (formula: Binary) => defineElements(['a', 'b'], [], formula);
const withScalar = (formula: Binary) => defineElements(['a', 'b'], ['b'], formula);

const add: Binary = (lanes, { a, b }) => lanes.add(a, b);
const subtract: Binary = (lanes, { a, b }) => lanes.subtract(a, b);
const multiply: Binary = (lanes, { a, b }) => lanes.multiply(a, b);
const divide: Binary = (lanes, { a, b }) => lanes.divide(a, b);

/** Functions of the elements of one or two tensors of the same shape, or of a tensor and a scalar b; `clear` has none. */
export const elementwise = {
  clear: defineElements([], [], (lanes) => lanes.constant(0)),
  add: binary(add),
  addScalar: withScalar(add),
  subtract: binary(subtract),
  subtractScalar: withScalar(subtract),
  multiply: binary(multiply),
  multiplyScalar: withScalar(multiply),
  divide: binary(divide),
  divideScalar: withScalar(divide),
  square: defineElements(['a'], [], (lanes, { a }) => lanes.multiply(a, a)),
  squareRoot: defineElements(['a'], [], (lanes, { a }) => lanes.squareRoot(a)),
} as const;
