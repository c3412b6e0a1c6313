import { nameInFunction } from './opOutputs.ts';
import { shapeOf, type GraphAttribute, type GraphFunction, type GraphNode } from './graphFile.ts';
import type { NativeBinding } from './nativeBackend.ts';

/** A step as it was recorded. */
export interface RecordedStep {
  nodes: readonly GraphNode[];
  /** Placeholder of the row of words. */
  row: string;
  /** Nodes that read the state. */
  reads: readonly string[];
  /** The vector that it gives, and the new state. */
  output: string;
  replaced: readonly string[];
}

export interface LoopSizes {
  /** Rows at most. */
  capacity: number;
  /** Words of a row. */
  width: number;
  /** Values of a step's output. */
  outputs: number;
  state: readonly number[];
}

/** A step over several rows: what the graph needs for it, and what its call's outputs are called. */
export interface Loop {
  functions: GraphFunction[];
  nodes: GraphNode[];
  /** Placeholders of the words [capacity, width] and of how many rows are used. */
  inputs: string[];
  /** [capacity, outputs] */
  rows: string;
  /** State after the last row. */
  replaced: string[];
}

/** Thrown where an operation's outputs have no known name. */
export class UnknownOperation extends Error {}

/** Writes one loop down, by the type numbers of a binding. */
class LoopWriter {
  readonly #types: { float: number; int: number; bool: number };
  readonly #prefix: string;
  readonly #sizes: LoopSizes;

  constructor({ TF_FLOAT, TF_INT32, TF_BOOL }: NativeBinding, prefix: string, sizes: LoopSizes) {
    this.#types = { float: TF_FLOAT, int: TF_INT32, bool: TF_BOOL };
    this.#prefix = prefix;
    this.#sizes = sizes;
  }

  write(step: RecordedStep): Loop {
    const name = (suffix: string): string => `${this.#prefix}${suffix}`.replace(/\W/g, '_');
    const functions = [
      this.#condition(name('more')),
      this.#body(name('step'), step),
      this.#loop(name('steps'), { condition: name('more'), body: name('step') }),
    ];
    return { functions, ...this.#call(name('steps'), step.reads) };
  }

  /**
   * Vectors of the state that have values. Of one without, XLA gives a tensor at whose allocation a
   * session looks in vain and dies, so those stay outside.
   */
  get #vectors(): number[] {
    return this.#sizes.state.flatMap((size, i) => (size === 0 ? [] : [i]));
  }

  /** What a loop carries from row to row. */
  get #carried(): { name: string; type: number; shape: number[] }[] {
    const { capacity, width, outputs, state } = this.#sizes;
    const { float, int } = this.#types;
    return [
      { name: 'index', type: int, shape: [] },
      { name: 'count', type: int, shape: [] },
      { name: 'words', type: int, shape: [capacity, width] },
      { name: 'rows', type: float, shape: [capacity, outputs] },
      ...this.#vectors.map((i) => ({ name: `state${i}`, type: float, shape: [state[i] ?? 0] })),
    ];
  }

  #constant(name: string, values: Int32Array | Float32Array, shape: number[]): GraphNode {
    const dtype = values instanceof Int32Array ? this.#types.int : this.#types.float;
    const content = new Uint8Array(values.buffer);
    const tensor = { dtype, shape: shapeOf(shape), content };
    return {
      name,
      op: 'Const',
      inputs: [],
      attributes: { dtype: { type: dtype }, value: { tensor } },
    };
  }

  #node(op: string, name: string, inputs: string[], types: Record<string, number>): GraphNode {
    const attributes = Object.fromEntries(
      Object.entries(types).map(([key, type]): [string, GraphAttribute] => [key, { type }]),
    );
    return { name, op, inputs, attributes };
  }

  /**
   * Whether there is a row left. All rows run, whether they are used or not: of a loop whose length it knows,
   * XLA need not ask the device after every row.
   */
  #condition(name: string): GraphFunction {
    const { int, bool } = this.#types;
    return {
      signature: { name, inputs: this.#carried, outputs: [{ name: 'more', type: bool }] },
      nodes: [
        this.#constant('capacity', Int32Array.of(this.#sizes.capacity), []),
        this.#node('Less', 'less', ['index', 'capacity:output:0'], { T: int }),
      ],
      results: { more: 'less:z:0' },
    };
  }

  /** One row: the step on it, its output at its place in `rows`, and its state where the row is used. */
  #body(name: string, step: RecordedStep): GraphFunction {
    const { capacity, outputs } = this.#sizes;
    const { float, int } = this.#types;
    const places = Int32Array.from({ length: capacity }, (_, i) => i);
    const called = nameStep(step, this.#sizes.state);
    const nodes = [
      this.#constant('axis', Int32Array.of(0), []),
      this.#node('GatherV2', 'row', ['words', 'index', 'axis:output:0'], {
        ...{ Tparams: int, Tindices: int, Taxis: int },
      }),
      this.#constant('nothing', new Float32Array(0), [0]),
      ...called.nodes,
      this.#constant('places', places, [capacity, 1]),
      this.#node('Equal', 'here', ['places:output:0', 'index'], { T: int }),
      this.#constant('rowShape', Int32Array.of(1, outputs), [2]),
      this.#node('Reshape', 'asRow', [called.nameOf(step.output), 'rowShape:output:0'], {
        ...{ T: float, Tshape: int },
      }),
      this.#node('SelectV2', 'written', ['here:z:0', 'asRow:output:0', 'rows'], { T: float }),
      this.#constant('one', Int32Array.of(1), []),
      this.#node('AddV2', 'next', ['index', 'one:output:0'], { T: int }),
    ];
    const kept = this.#vectors.map((i) => {
      const value = called.nameOf(step.replaced[i] ?? '');
      return this.#node('SelectV2', `kept${i}`, ['used:z:0', value, `state${i}`], { T: float });
    });
    const used = this.#node('Less', 'used', ['index', 'count'], { T: int });
    const results = [
      ...['next:z:0', 'count', 'words', 'written:output:0'],
      ...kept.map((node) => `${node.name}:output:0`),
    ];
    return this.#function(name, [...nodes, used, ...kept], results);
  }

  #function(name: string, nodes: GraphNode[], values: string[]): GraphFunction {
    const outputs = this.#carried.map(({ name: argument, type }) => ({
      name: `next_${argument}`,
      type,
    }));
    const results = Object.fromEntries(outputs.map((output, i) => [output.name, values[i] ?? '']));
    return { signature: { name, inputs: this.#carried, outputs }, nodes, results };
  }

  /** From the words, how many count, and the state: all rows. */
  #loop(name: string, { condition, body }: { condition: string; body: string }): GraphFunction {
    const { capacity, outputs } = this.#sizes;
    const carried = this.#carried;
    const start: Record<string, string> = { index: 'zero:output:0', rows: 'empty:output:0' };
    const loop: GraphNode = {
      name: 'loop',
      op: 'StatelessWhile',
      inputs: carried.map(({ name: argument }) => start[argument] ?? argument),
      attributes: {
        T: { list: { type: carried.map(({ type }) => type) } },
        output_shapes: { list: { shape: carried.map(({ shape }) => shapeOf(shape)) } },
        cond: { function: { name: condition } },
        body: { function: { name: body } },
      },
    };
    const kept = carried.slice(3);
    return {
      signature: {
        name,
        inputs: carried.filter(({ name: argument }) => !(argument in start)),
        outputs: kept.map(({ name: argument, type }) => ({ name: `last_${argument}`, type })),
      },
      nodes: [
        this.#constant('zero', Int32Array.of(0), []),
        this.#constant('empty', new Float32Array(capacity * outputs), [capacity, outputs]),
        loop,
      ],
      results: Object.fromEntries(
        kept.map(({ name: argument }, i) => [`last_${argument}`, `loop:output:${3 + i}`]),
      ),
    };
  }

  /** The one node that is compiled, with its placeholders. */
  #call(name: string, reads: readonly string[]): Omit<Loop, 'functions'> {
    const { capacity, width } = this.#sizes;
    const { float, int } = this.#types;
    const vectors = this.#vectors;
    const placeholder = (suffix: string, shape: number[]): GraphNode => ({
      name: `${this.#prefix}${suffix}`,
      op: 'Placeholder',
      inputs: [],
      attributes: { dtype: { type: int }, shape: { shape: shapeOf(shape) } },
    });
    const inputs = [placeholder('count', []), placeholder('words', [capacity, width])];
    const call = `${this.#prefix}call`;
    const floats = vectors.map(() => float);
    const node: GraphNode = {
      name: call,
      op: 'PartitionedCall',
      inputs: [...inputs.map((input) => input.name), ...vectors.map((i) => reads[i] ?? '')],
      attributes: {
        Tin: { list: { type: [int, int, ...floats] } },
        Tout: { list: { type: [float, ...floats] } },
        f: { function: { name } },
        _XlaMustCompile: { b: true },
      },
    };
    return {
      nodes: [...inputs, node],
      inputs: inputs.map((input) => input.name),
      rows: call,
      replaced: reads.map((read, i) => {
        const place = vectors.indexOf(i);
        return place < 0 ? read : `${call}:${place + 1}`;
      }),
    };
  }
}

/** A step's nodes as those of a function with the arguments that a loop carries. */
function nameStep(
  { nodes, row, reads }: RecordedStep,
  sizes: readonly number[],
): {
  nodes: GraphNode[];
  nameOf: (value: string) => string;
} {
  const operations = new Map(nodes.map(({ name, op }) => [name, op]));
  const given = new Map([
    [row, 'row:output:0'],
    ...reads.map((name, i) => [name, sizes[i] === 0 ? 'nothing:output:0' : `state${i}`] as const),
  ]);
  const nameOf = (value: string): string => {
    const argument = given.get(value);
    if (argument !== undefined) return argument;
    const [name = '', index = '0'] = value.split(':');
    const operation = operations.get(name) ?? '';
    const named = nameInFunction(name, operation, Number(index));
    if (named === null) throw new UnknownOperation(operation);
    return named;
  };
  const own = nodes.filter(({ name }) => !given.has(name));
  const renamed = own.map((node) => ({ ...node, inputs: node.inputs.map(nameOf) }));
  return { nodes: renamed, nameOf };
}

/**
 * A loop that runs a recorded step on row after row, to be compiled as one program (XLA), so that compiling
 * takes as long as for one step. Rows past those that are used leave the state as it is.
 *
 * @param prefix of the nodes' names
 * @throws UnknownOperation
 */
export const writeLoop = (
  binding: NativeBinding,
  prefix: string,
  sizes: LoopSizes,
  step: RecordedStep,
): Loop => new LoopWriter(binding, prefix, sizes).write(step);
