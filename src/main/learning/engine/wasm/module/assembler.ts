import {
  list,
  opcodes,
  section,
  sized,
  text,
  unsignedLeb,
  valueTypes,
  type Bytes,
  type ValueType,
} from './encoding.ts';
import { i32, scalarLanes, toValue, vectorLanes } from './lanes.ts';
import type { Integer, Lanes, Value } from './lanes.ts';

/*
 * A small assembler for WebAssembly. Kernels are generated when the engine opens: ordinary loops in
 * TypeScript unroll a tile, and one template yields the code for vectors and for left-over scalars.
 */

const withoutResult = 0x40;
/** Blocks are counted from the inside: 0 is the loop itself. */
const toLoopStart = 0;

/** A local variable of a function. */
export interface Variable extends Value {
  readonly index: number;
}

const variable = (type: ValueType, index: number): Variable => ({
  type,
  index,
  code: [opcodes.getLocal, ...unsignedLeb(index)],
});

/** The statements of a function, in order, and its local variables. */
export class FunctionBody {
  /** Runs before the statements. */
  readonly start: number[] = [];
  readonly code: number[] = [];
  readonly #constants = new Map<string, Variable>();
  readonly locals: ValueType[] = [];
  readonly #parameters: number;

  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  run(statement: Bytes): void {
    for (const byte of statement) this.code.push(byte);
  }

  /** A new variable that holds the value. */
  let(value: Integer): Variable {
    const { type } = toValue(value);
    this.locals.push(type);
    const created = variable(type, this.#parameters + this.locals.length - 1);
    this.set(created, value);
    return created;
  }

  /**
   * A variable that holds a constant from the function's start on, one for each: the compiler of V8 would
   * build a vector anew at every use.
   */
  constant(value: Value): Variable {
    const key = value.code.join();
    const known = this.#constants.get(key);
    if (known) return known;
    this.locals.push(value.type);
    const created = variable(value.type, this.#parameters + this.locals.length - 1);
    this.#constants.set(key, created);
    this.start.push(...value.code, opcodes.setLocal, ...unsignedLeb(created.index));
    return created;
  }

  set(target: Variable, value: Integer): void {
    this.run([...toValue(value).code, opcodes.setLocal, ...unsignedLeb(target.index)]);
  }

  increase(target: Variable, by: Integer): void {
    this.set(target, i32.add(target, by));
  }

  when(condition: Value, build: () => void): void {
    this.run([...condition.code, opcodes.if, withoutResult]);
    build();
    this.run([opcodes.end]);
  }

  /** Repeats while `at`, which starts where it is and grows by `step`, is below `end`. */
  advance(at: Variable, end: Integer, step: Integer, build: () => void): void {
    const goesOn = i32.lessThan(at, end);
    this.when(goesOn, () => {
      this.run([opcodes.loop, withoutResult]);
      build();
      this.increase(at, step);
      this.run([...goesOn.code, opcodes.branchIf, toLoopStart, opcodes.end]);
    });
  }

  /** Repeats `times`. */
  repeat(times: Integer, build: () => void): void {
    this.advance(this.let(0), times, 1, build);
  }

  /** Walks over `bytes` of floats by their offset `at`: in vectors first, then one by one. */
  eachLane(bytes: Value, build: (lanes: Lanes, at: Variable) => void): void {
    const at = this.let(0);
    this.advance(at, i32.and(bytes, -16), 16, () => {
      build(vectorLanes, at);
    });
    this.advance(at, bytes, 4, () => {
      build(scalarLanes, at);
    });
  }
}

/** A function that takes i32 parameters by name and returns nothing. */
export interface FunctionDefinition<Name extends string = string> {
  readonly parameters: readonly Name[];
  readonly body: FunctionBody;
}

export function defineFunction<Name extends string>(
  parameters: readonly Name[],
  build: (body: FunctionBody, variables: Record<Name, Variable>) => void,
): FunctionDefinition<Name> {
  const body = new FunctionBody(parameters.length);
  const named = parameters.map((name, index) => [name, variable('i32', index)]);
  build(body, Object.fromEntries(named) as Record<Name, Variable>);
  return { parameters, body };
}

/** `\0asm`, version 1. */
const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const functionTag = 0x60;
const memoryTag = 0x02;
const exportedFunction = 0x00;
/** No flags, and at least 0 pages. */
const anySize = [0x00, 0x00];
/** Shared between threads, which needs an upper bound: the 4 GiB that 32 bits address. */
const sharedOfAnySize = [0x03, 0x00, ...unsignedLeb(65536)];
const sections = { types: 1, imports: 2, functions: 3, exports: 7, code: 10 } as const;

const functionType = ({ parameters }: FunctionDefinition): Bytes => [
  functionTag,
  ...list(parameters.map(() => [valueTypes.i32])),
  0,
];

const functionCode = ({ body }: FunctionDefinition): Bytes =>
  sized([
    ...list(body.locals.map((type) => [1, valueTypes[type]])),
    ...body.start,
    ...body.code,
    opcodes.end,
  ]);

type Definitions = Readonly<Record<string, FunctionDefinition>>;

/** A module that imports its memory as `host.memory` and exports each function under its key. */
function assemble(definitions: Definitions, isShared: boolean): Uint8Array<ArrayBuffer> {
  const functions = Object.values(definitions);
  const names = Object.keys(definitions);
  const limits = isShared ? sharedOfAnySize : anySize;
  return Uint8Array.from([
    ...header,
    ...section(sections.types, functions.map(functionType)),
    ...section(sections.imports, [[...text('host'), ...text('memory'), memoryTag, ...limits]]),
    ...section(
      sections.functions,
      functions.map((_, index) => unsignedLeb(index)),
    ),
    ...section(
      sections.exports,
      names.map((name, index) => [...text(name), exportedFunction, ...unsignedLeb(index)]),
    ),
    ...section(sections.code, functions.map(functionCode)),
  ]);
}

/** The functions of a module; arguments are addresses and sizes in bytes, or counts, by name. */
export type Callable<Definitions> = {
  readonly [Key in keyof Definitions]: Definitions[Key] extends FunctionDefinition<infer Name>
    ? (args: Readonly<Record<Name, number>>) => void
    : never;
};

/** Whether threads may work on the memory together. */
export const isShared = ({ buffer }: WebAssembly.Memory): boolean =>
  !(buffer instanceof ArrayBuffer);

/** Compiles functions for a memory, or for any other that is shared as it is. */
export const compile = (definitions: Definitions, memory: WebAssembly.Memory): WebAssembly.Module =>
  new WebAssembly.Module(assemble(definitions, isShared(memory)));

/** Compiled functions at work on a memory. It may grow: functions hold no view of it. */
export function instantiate<Definitions extends Record<string, FunctionDefinition>>(
  definitions: Definitions,
  memory: WebAssembly.Memory,
  module = compile(definitions, memory),
): Callable<Definitions> {
  const { exports } = new WebAssembly.Instance(module, { host: { memory } });
  const callables = Object.entries(definitions).map(([name, { parameters }]) => {
    const run = exports[name] as (...args: number[]) => void;
    const call = (args: Readonly<Record<string, number>>): void => {
      run(...parameters.map((parameter) => args[parameter] as number));
    };
    return [name, call];
  });
  return Object.fromEntries(callables) as Callable<Definitions>;
}
