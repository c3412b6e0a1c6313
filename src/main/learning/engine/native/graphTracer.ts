import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import type { TensorFunction } from '../engine.ts';
import { encodeSavedModel, shapeOf, type GraphAttribute, type GraphNode } from './graphFile.ts';
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
  /** Where the graph has the tensor with this id of the binding. */
  readonly #outputOf = new Map<number, string>();

  constructor(binding: NativeBinding) {
    this.#binding = binding;
  }

  get nodes(): readonly GraphNode[] {
    return this.#nodes;
  }

  addInput(id: number, dtype: number, shape: number[]): string {
    const attributes = { dtype: { type: dtype }, shape: { shape: shapeOf(shape) } };
    return this.#add('Placeholder', [], attributes, [id]);
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
    const name = `n${this.#nodes.length}`;
    this.#nodes.push({ name, op, inputs, attributes });
    outputs.forEach((id, i) => {
      this.#outputOf.set(id, i === 0 ? name : `${name}:${i}`);
    });
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

/** Loads a graph as a session of the library; the file is needed only while it loads. */
function loadGraph(binding: NativeBinding, nodes: readonly GraphNode[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'afterimage-graph-'));
  try {
    writeFileSync(join(folder, 'saved_model.pb'), encodeSavedModel(nodes));
    return binding.loadSavedModel(folder, 'serve');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Session {
  id: number;
  inputNames: string;
  outputNames: string;
}

/** Runs the function once, eagerly, and turns what it did into a session. */
function trace(backend: NativeBackend, fn: TensorFunction, inputs: tf.Tensor[]): Session {
  const { binding } = backend;
  const recording = new Recording(binding);
  const inputIds = backend.getInputTensorIds(inputs);
  const inputNames = inputs.map((tensor, i) =>
    recording.addInput(inputIds[i] ?? -1, backend.getDTypeInteger(tensor.dtype), tensor.shape),
  );
  let outputNames: string[];
  backend.binding = listen(binding, recording);
  try {
    const outputs = tf.tidy(() => fn(inputs));
    outputNames = backend
      .getInputTensorIds(outputs)
      .map((id) => recording.nameOf(id, 'the result'));
    tf.dispose(outputs);
  } finally {
    backend.binding = binding;
  }
  return {
    id: loadGraph(binding, recording.nodes),
    inputNames: inputNames.map((name) => `${name}:0`).join(','),
    outputNames: outputNames.map((name) => (name.includes(':') ? name : `${name}:0`)).join(','),
  };
}

/**
 * Compiles pure functions into TensorFlow graphs: each is run once per combination of input shapes,
 * every operation it executes is recorded, and from then on the graph runs as a session, where
 * TensorFlow fuses, reuses memory and runs independent operations at once.
 */
export class GraphCompiler {
  readonly #backend: NativeBackend;
  readonly #sessions: number[] = [];

  constructor(backend: NativeBackend) {
    this.#backend = backend;
  }

  compile(fn: TensorFunction): TensorFunction {
    const byShapes = new Map<string, Session>();
    return (inputs) => {
      const key = inputs.map(({ shape }) => shape.join('x')).join(' ');
      let session = byShapes.get(key);
      if (session === undefined) {
        session = trace(this.#backend, fn, inputs);
        byShapes.set(key, session);
        this.#sessions.push(session.id);
      }
      return this.#run(session, inputs);
    };
  }

  close(): void {
    for (const id of this.#sessions.splice(0)) this.#backend.binding.deleteSavedModel(id);
  }

  #run({ id, inputNames, outputNames }: Session, inputs: tf.Tensor[]): tf.Tensor[] {
    const ids = this.#backend.getInputTensorIds(inputs);
    return this.#backend.binding
      .runSavedModel(id, ids, inputNames, outputNames)
      .map((output) => this.#backend.createOutputTensor(output));
  }
}
