import { shapeOf, type GraphAttribute, type GraphNode } from './graphFile.ts';
import type { NativeBinding } from './nativeBackend.ts';

const handleOf = (index: number): string => `state${index}`;
const newValueOf = (index: number): string => `state${index}/new`;

/**
 * A state of float32 vectors as variables of a TensorFlow graph: on a GPU they stay in its memory, and
 * only batches cross the bus. Says which nodes read and replace them.
 */
export class GraphState {
  readonly #sizes: readonly number[];
  readonly #float: GraphAttribute;
  readonly #floatType: number;

  constructor(sizes: readonly number[], binding: NativeBinding) {
    this.#sizes = sizes;
    this.#floatType = binding.TF_FLOAT;
    this.#float = { type: binding.TF_FLOAT };
  }

  /** Output whose evaluation reads vector `index`. */
  readName(index: number): string {
    return `state${index}/value`;
  }

  /** What feeds the vectors that `written` stores. */
  get newValues(): string[] {
    return this.#sizes.map((_, i) => newValueOf(i));
  }

  /** Output whose evaluation stores `newValues`. */
  get written(): string {
    return 'written';
  }

  /** The variables, with what it takes to write and to read all of them. */
  get nodes(): GraphNode[] {
    const variables = this.#sizes.flatMap((size, i) => {
      const shape = { shape: shapeOf([size]) };
      return [
        this.#node(handleOf(i), 'VarHandleOp', [], {
          shape,
          shared_name: { s: new TextEncoder().encode(handleOf(i)) },
        }),
        this.#readNode(i, this.readName(i)),
        this.#node(newValueOf(i), 'Placeholder', [], { shape }),
        this.#assignNode(i, newValueOf(i), `state${i}/write`),
      ];
    });
    const zero = { dtype: this.#floatType, shape: shapeOf([]), content: new Uint8Array(4) };
    const done = this.#sizes.map((_, i) => `^state${i}/write`);
    return [...variables, this.#node(this.written, 'Const', done, { value: { tensor: zero } })];
  }

  /** For each vector, a node of the recording `prefix` that gives it as it was before. */
  readNodes(prefix: string): GraphNode[] {
    return this.#sizes.map((_, i) => this.#readNode(i, `${prefix}read${i}`));
  }

  /**
   * Nodes that replace the state, and the outputs again, which now wait for that.
   *
   * @param replaced the new vectors; empty where the state stays
   */
  replaceNodes(
    replaced: readonly string[],
    outputs: readonly string[],
    prefix: string,
  ): { nodes: GraphNode[]; outputs: string[] } {
    if (replaced.length === 0) return { nodes: [], outputs: [...outputs] };
    // A session runs what does not depend on each other in any order.
    const read = this.readNodes(prefix).map(({ name }) => `^${name}`);
    const writes = replaced.map((value, i) =>
      this.#assignNode(i, value, `${prefix}write${i}`, read),
    );
    const done = writes.map(({ name }) => `^${name}`);
    const waiting = outputs.map((output, i) => ({
      name: `${prefix}output${i}`,
      op: 'Identity',
      inputs: [output, ...done],
      attributes: { T: this.#float },
    }));
    return { nodes: [...writes, ...waiting], outputs: waiting.map(({ name }) => name) };
  }

  #readNode(index: number, name: string): GraphNode {
    return this.#node(name, 'ReadVariableOp', [handleOf(index)]);
  }

  #assignNode(index: number, value: string, name: string, after: string[] = []): GraphNode {
    return this.#node(name, 'AssignVariableOp', [handleOf(index), value, ...after]);
  }

  #node(
    name: string,
    op: string,
    inputs: string[],
    attributes: Record<string, GraphAttribute> = {},
  ): GraphNode {
    return { name, op, inputs, attributes: { dtype: this.#float, ...attributes } };
  }
}
