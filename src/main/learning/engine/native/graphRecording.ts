import * as tf from '@tensorflow/tfjs';
import type { StateFunction } from '../engine.ts';
import { shapeOf, type GraphAttribute, type GraphNode } from './graphFile.ts';
import type { GraphState } from './graphState.ts';
import type { NativeBackend, NativeBinding, NativeValues, OpAttribute } from './nativeBackend.ts';

const utf8 = new TextEncoder();

const isNumberList = (value: unknown): value is number[] => Array.isArray(value);

/** An eager attribute as a graph writes it. */
function toGraphAttribute(
  { name, type, value }: OpAttribute,
  binding: NativeBinding,
): GraphAttribute {
  switch (type) {
    case binding.TF_ATTR_STRING:
      return { s: utf8.encode(value as string) };
    case binding.TF_ATTR_INT:
      return isNumberList(value) ? { list: { i: value } } : { i: value as number };
    case binding.TF_ATTR_FLOAT:
      return isNumberList(value) ? { list: { f: value } } : { f: value as number };
    case binding.TF_ATTR_BOOL:
      return { b: Boolean(value) };
    case binding.TF_ATTR_TYPE:
      return { type: value as number };
    case binding.TF_ATTR_SHAPE:
      return { shape: shapeOf(value as number[]) };
    default:
      throw new TypeError(`trace: attribute ${name} has type ${type}, which no graph can hold`);
  }
}

/** The bytes of a constant, in TensorFlow's layout for its type. */
function toContent(values: NativeValues, dtype: number, binding: NativeBinding): Uint8Array {
  const numbers = Array.from(values as ArrayLike<number | boolean>, Number);
  switch (dtype) {
    case binding.TF_FLOAT:
      return new Uint8Array(Float32Array.from(numbers).buffer);
    case binding.TF_INT32:
      return new Uint8Array(Int32Array.from(numbers).buffer);
    case binding.TF_INT64:
      return new Uint8Array(BigInt64Array.from(numbers, BigInt).buffer);
    case binding.TF_BOOL:
      return Uint8Array.from(numbers);
    default:
      throw new TypeError(`trace: a constant of TensorFlow type ${dtype} cannot be recorded`);
  }
}

/** What one run of a function did, as a graph. */
class Recording {
  readonly #nodes: GraphNode[] = [];
  readonly #binding: NativeBinding;
  readonly #prefix: string;
  /** Where the graph has the tensor with this id of the binding. */
  readonly #outputOf = new Map<number, string>();

  /** @param prefix of the nodes' names, so that several recordings fit into one graph */
  constructor(binding: NativeBinding, prefix: string) {
    this.#binding = binding;
    this.#prefix = prefix;
  }

  get nodes(): readonly GraphNode[] {
    return this.#nodes;
  }

  addInput(id: number, dtype: number, shape: number[]): string {
    const attributes = { dtype: { type: dtype }, shape: { shape: shapeOf(shape) } };
    return this.#add('Placeholder', [], attributes, [id]);
  }

  /** A node made elsewhere, whose outputs are the tensors with these ids. */
  addNode(node: GraphNode, outputs: number[]): void {
    this.#nodes.push(node);
    outputs.forEach((id, i) => {
      this.#outputOf.set(id, i === 0 ? node.name : `${node.name}:${i}`);
    });
  }

  addConstant(id: number, dtype: number, shape: number[], values: NativeValues): void {
    const content = toContent(values, dtype, this.#binding);
    const tensor = { dtype, shape: shapeOf(shape), content };
    this.#add('Const', [], { dtype: { type: dtype }, value: { tensor } }, [id]);
  }

  addOperation(op: string, attributes: OpAttribute[], inputs: number[], outputs: number[]): void {
    const entries = attributes.map((attribute) => [
      attribute.name,
      toGraphAttribute(attribute, this.#binding),
    ]);
    // tfjs leaves this attribute to eager execution's inference; a graph must state it.
    if (op === 'ExpandDims') entries.push(['T', { type: this.#binding.TF_FLOAT }]);
    const names = inputs.map((id) => this.nameOf(id, op));
    this.#add(op, names, Object.fromEntries(entries) as GraphNode['attributes'], outputs);
  }

  nameOf(id: number, user: string): string {
    const name = this.#outputOf.get(id);
    if (name === undefined) {
      throw new Error(`trace: ${user} reads a tensor that is neither an input nor made inside`);
    }
    return name;
  }

  #add(
    op: string,
    inputs: string[],
    attributes: GraphNode['attributes'],
    outputs: number[],
  ): string {
    const name = `${this.#prefix}${this.#nodes.length}`;
    this.addNode({ name, op, inputs, attributes }, outputs);
    return name;
  }
}

/** A binding that does everything and writes it down. */
function listen(binding: NativeBinding, recording: Recording): NativeBinding {
  const createTensor: NativeBinding['createTensor'] = (shape, dtype, values) => {
    const id = binding.createTensor(shape, dtype, values);
    recording.addConstant(id, dtype, shape, values);
    return id;
  };
  const executeOp: NativeBinding['executeOp'] = (op, attributes, inputs, count) => {
    const outputs = binding.executeOp(op, attributes, inputs, count);
    recording.addOperation(
      op,
      attributes,
      inputs,
      outputs.map(({ id }) => id),
    );
    return outputs;
  };
  // The binding's own properties are read-only; a derived object's need not be.
  return Object.create(binding, {
    createTensor: { value: createTensor },
    executeOp: { value: executeOp },
  }) as NativeBinding;
}

/** What a function did, as nodes, and which of their values it reads and gives. */
export interface RecordedFunction {
  nodes: readonly GraphNode[];
  /** Placeholders, one for each input. */
  inputs: string[];
  /** Nodes that read the state. */
  reads: string[];
  outputs: string[];
  /** Values of the first output. */
  length: number;
  /** The new state; empty where it stays. */
  replaced: string[];
}

/**
 * Runs a function once, eagerly, and writes down what it did on its inputs and on a state that the
 * graph keeps in variables of its own.
 *
 * @param prefix of the nodes' names, unlike that of any other recording in the graph
 * @param values of the state, for this one run
 */
export function record(
  backend: NativeBackend,
  fn: StateFunction,
  { inputs, prefix, state }: { inputs: tf.Tensor[]; prefix: string; state: GraphState },
  values: readonly Float32Array[],
): RecordedFunction {
  const { binding } = backend;
  const recording = new Recording(binding, prefix);
  const idsOf = (tensors: tf.Tensor[]): number[] => backend.getInputTensorIds(tensors);
  const vectors = values.map((vector) => tf.tensor1d(vector));
  const inputIds = idsOf(inputs);
  const inputNames = inputs.map(({ dtype, shape }, i) =>
    recording.addInput(inputIds[i] ?? -1, backend.getDTypeInteger(dtype), shape),
  );
  const stateIds = idsOf(vectors);
  const reads = state.readNodes(prefix);
  reads.forEach((node, i) => {
    recording.addNode(node, [stateIds[i] ?? -1]);
  });
  backend.binding = listen(binding, recording);
  try {
    const result = tf.tidy(() => ({ ...fn(inputs, vectors) }));
    const nameAll = (tensors: tf.Tensor[]): string[] =>
      idsOf(tensors).map((id) => recording.nameOf(id, 'the result'));
    const outputs = nameAll(result.outputs);
    const replaced = result.state === undefined ? [] : nameAll(result.state);
    const length = result.outputs[0]?.size ?? 0;
    tf.dispose([...result.outputs, ...(result.state ?? [])]);
    const names = { inputs: inputNames, reads: reads.map(({ name }) => name), outputs, replaced };
    return { nodes: recording.nodes, length, ...names };
  } finally {
    backend.binding = binding;
    tf.dispose(vectors);
  }
}
