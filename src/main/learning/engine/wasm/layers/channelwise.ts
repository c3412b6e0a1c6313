import {
  defineFunction,
  type FunctionBody,
  type FunctionDefinition,
  type Variable,
} from '../module/assembler.ts';
import { i32, type Lanes, type Value } from '../module/lanes.ts';

/*
 * Loops over a tensor seen as a matrix [rows, channels], `bytes` to a row, with coefficients that
 * each hold one float per channel.
 */

/** Code for the lanes of one element, from those of the operands. */
type Formula<Name extends string> = (lanes: Lanes, values: Readonly<Record<Name, Value>>) => Value;

/** Loads the lanes at an offset from each of the named addresses. */
function loadAt<Name extends string>(
  f: FunctionBody,
  lanes: Lanes,
  addresses: Readonly<Record<Name, Variable>>,
  names: readonly Name[],
  offset: Value,
): Record<Name, Value> {
  const loaded = names.map((name) => [name, f.let(lanes.load(i32.add(addresses[name], offset)))]);
  return Object.fromEntries(loaded) as Record<Name, Value>;
}

/** out = formula(inputs, coefficients), element by element; `out` may be one of the inputs. */
export function defineMap<Input extends string, Coefficient extends string>(
  inputs: readonly Input[],
  coefficients: readonly Coefficient[],
  formula: Formula<Input | Coefficient>,
): FunctionDefinition<Input | Coefficient | 'out' | 'rows' | 'bytes'> {
  type Name = Input | Coefficient | 'out' | 'rows' | 'bytes';
  return defineFunction<Name>([...inputs, ...coefficients, 'out', 'rows', 'bytes'], (f, p) => {
    const start = f.let(0);
    f.repeat(p.rows, () => {
      f.eachLane(p.bytes, (lanes, at) => {
        const element = f.let(i32.add(start, at));
        const values = {
          ...loadAt<Input | Coefficient>(f, lanes, p, inputs, element),
          ...loadAt<Input | Coefficient>(f, lanes, p, coefficients, at),
        };
        f.run(lanes.store(i32.add(p.out, element), formula(lanes, values)));
      });
      f.increase(start, p.bytes);
    });
  });
}

/**
 * Rows whose terms are added up in registers before the total takes them: summing blocks loses fewer
 * digits than one long sum, and a block stays in the fastest cache.
 */
export const blockRows = 64;

/** Calls `build` for each block of rows, with its first row and their number. */
function eachBlock(
  f: FunctionBody,
  rows: Variable,
  build: (first: Variable, count: Variable) => void,
): void {
  const first = f.let(0);
  f.advance(first, rows, blockRows, () => {
    const count = f.let(i32.subtract(rows, first));
    f.when(i32.lessThan(blockRows, count), () => {
      f.set(count, blockRows);
    });
    build(first, count);
  });
}

/**
 * For each channel, output += the sum over rows of formula(inputs, coefficients), a block of rows at a time.
 * With a `step` that is not 0, the sum of each block stands alone, in lines so many bytes apart.
 */
export function defineReduction<
  Input extends string,
  Coefficient extends string,
  Output extends string,
>(
  inputs: readonly Input[],
  coefficients: readonly Coefficient[],
  outputs: readonly (readonly [Output, Formula<Input | Coefficient>])[],
): FunctionDefinition<Input | Coefficient | Output | 'rows' | 'bytes' | 'step'> {
  type Name = Input | Coefficient | Output | 'rows' | 'bytes' | 'step';
  const targets = outputs.map(([name]) => name);
  const parameters: Name[] = [...inputs, ...coefficients, ...targets, 'rows', 'bytes', 'step'];
  return defineFunction<Name>(parameters, (f, p) => {
    eachBlock(f, p.rows, (first, count) => {
      f.eachLane(p.bytes, (lanes, at) => {
        const channel = loadAt<Input | Coefficient>(f, lanes, p, coefficients, at);
        const totals = outputs.map(([name, formula]) => ({
          address: i32.add(p[name], at),
          formula,
          sum: f.let(lanes.constant(0)),
        }));
        const element = f.let(i32.add(i32.multiply(first, p.bytes), at));
        f.repeat(count, () => {
          const values = {
            ...channel,
            ...loadAt<Input | Coefficient>(f, lanes, p, inputs, element),
          };
          for (const { sum, formula } of totals) {
            f.set(sum, lanes.add(sum, formula(lanes, values)));
          }
          f.increase(element, p.bytes);
        });
        for (const { address, sum } of totals) {
          f.when(i32.equal(p.step, 0), () => {
            f.set(sum, lanes.add(lanes.load(address), sum));
          });
          f.run(lanes.store(address, sum));
        }
      });
      for (const name of targets) f.increase(p[name], p.step);
    });
  });
}

/** For each channel, sum += the rows of x, one after the other. */
export const addRows = defineFunction(['x', 'sum', 'rows', 'bytes'], (f, p) => {
  f.eachLane(p.bytes, (lanes, at) => {
    const [element, address] = [f.let(i32.add(p.x, at)), f.let(i32.add(p.sum, at))];
    const sum = f.let(lanes.load(address));
    f.repeat(p.rows, () => {
      f.set(sum, lanes.add(sum, lanes.load(element)));
      f.increase(element, p.bytes);
    });
    f.run(lanes.store(address, sum));
  });
});

/** Copies rows of `bytes` each; source and target advance by steps of their own. */
export const copyRows = defineFunction(
  ['source', 'target', 'sourceStep', 'targetStep', 'rows', 'bytes'],
  (f, { source, target, sourceStep, targetStep, rows, bytes }) => {
    f.repeat(rows, () => {
      f.eachLane(bytes, (lanes, at) => {
        f.run(lanes.store(i32.add(target, at), lanes.load(i32.add(source, at))));
      });
      f.increase(source, sourceStep);
      f.increase(target, targetStep);
    });
  },
);
