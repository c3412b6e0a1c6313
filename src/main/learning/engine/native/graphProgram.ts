import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { joinFloats } from '../../../../core/arrays.ts';
import type { Program, StateFunction } from '../engine.ts';
import { callsAtOnce, sizeOfCall, type Feed } from '../feed.ts';
import { packFeeds, unpackFeeds, widthOf } from './feedWords.ts';
import { encodeSavedModel, type Graph, type GraphFunction, type GraphNode } from './graphFile.ts';
import { writeLoop } from './graphLoop.ts';
import { record, type RecordedFunction } from './graphRecording.ts';
import { GraphState } from './graphState.ts';
import type { NativeBackend, NativeBinding } from './nativeBackend.ts';

/** Loads a graph as a session of the library; the file is needed only while it loads. */
function loadGraph(binding: NativeBinding, graph: Graph): number {
  const folder = mkdtempSync(join(tmpdir(), 'afterimage-graph-'));
  try {
    writeFileSync(join(folder, 'saved_model.pb'), encodeSavedModel(graph));
    return binding.loadSavedModel(folder, 'serve');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** As the binding takes a list of outputs. */
const joinOutputs = (names: readonly string[]): string =>
  names.map((name) => (name.includes(':') ? name : `${name}:0`)).join(',');

/** A function as part of a graph: what the graph needs for it, and what goes in and comes out. */
interface Trace {
  nodes: readonly GraphNode[];
  functions: readonly GraphFunction[];
  /** Of the placeholders, one for each input. */
  inputs: readonly string[];
  outputs: readonly string[];
}

/** What compiles for a program. */
export interface Compiler {
  /** Drops what earlier processes compiled; whether there was something. */
  forget(): boolean;
}

const keyOf = ({ shape, values }: Feed): string => `${values.constructor.name}${shape.join('x')}`;

/** Values of tensors that end here. */
function read(tensors: tf.Tensor[]): Float32Array[] {
  const values = tensors.map((tensor) => tensor.dataSync<'float32'>());
  tf.dispose(tensors);
  return values;
}

/** `count` calls of a feed from `first` on. */
function sliceCalls(feed: Feed, first: number, count: number): Feed {
  const size = sizeOfCall(feed);
  return { ...feed, values: feed.values.subarray(first * size, (first + count) * size) };
}

/**
 * Functions and their state as one TensorFlow graph. Each function is run once per combination of
 * input shapes, every operation it executes is recorded, and from then on the graph runs as a
 * session, where TensorFlow fuses, reuses memory and runs independent operations at once.
 *
 * A session's variables are its own, so a new recording means a new session with all recordings so
 * far; the state moves over.
 */
export class GraphProgram<Name extends string> implements Program<Name> {
  readonly #backend: NativeBackend;
  readonly #functions: Record<Name, StateFunction>;
  readonly #state: GraphState;
  readonly #stateSizes: readonly number[];
  readonly #compiler: Compiler | null;
  readonly #traces = new Map<string, Trace>();
  /** Compiled ones that have run. */
  readonly #proven = new Set<Trace>();
  #session: number | null = null;

  /** @param compiler where what is repeated is compiled, as one program for many calls */
  constructor(
    backend: NativeBackend,
    functions: Record<Name, StateFunction>,
    stateSizes: readonly number[],
    compiler: Compiler | null,
  ) {
    this.#backend = backend;
    this.#functions = functions;
    this.#stateSizes = stateSizes;
    this.#state = new GraphState(stateSizes, backend.binding);
    this.#compiler = compiler;
  }

  readState(): Float32Array[] {
    if (this.#stateSizes.length === 0) return [];
    const vectors = this.#runSession(
      [],
      [],
      this.#stateSizes.map((_, i) => this.#state.readName(i)),
    );
    const values = vectors.map((vector) => vector.dataSync<'float32'>().slice());
    tf.dispose(vectors);
    return values;
  }

  writeState(state: readonly Float32Array[]): void {
    if (state.length === 0) return;
    const vectors = state.map((values) => tf.tensor1d(values));
    tf.dispose(this.#runSession(vectors, this.#state.newValues, [this.#state.written]));
    tf.dispose(vectors);
  }

  run(name: Name, inputs: tf.Tensor[]): tf.Tensor[] {
    const key = [name, ...inputs.map(({ shape }) => shape.join('x'))].join(' ');
    return this.#runTrace(
      this.#trace(key, (state) => this.#traceOnce(this.#functions[name], inputs, state)),
      inputs,
    );
  }

  repeat(
    name: Name,
    calls: number,
    feeds: readonly Feed[],
    atOnce = callsAtOnce(feeds),
  ): Float32Array {
    const key = [name, 'of words', ...feeds.map(keyOf)].join(' ');
    const onRow: StateFunction = ([row], state) =>
      this.#functions[name](unpackFeeds(this.#backend, row as tf.Tensor, feeds), state);
    return this.#compiler !== null && atOnce > 0
      ? this.#repeatCompiled(key, onRow, { calls, feeds, capacity: atOnce })
      : this.#repeatOneByOne(key, onRow, { calls, feeds });
  }

  close(): void {
    if (this.#session !== null) this.#backend.binding.deleteSavedModel(this.#session);
    this.#session = null;
  }

  #repeatOneByOne(
    key: string,
    onRow: StateFunction,
    { calls, feeds }: { calls: number; feeds: readonly Feed[] },
  ): Float32Array {
    const width = widthOf(feeds);
    const words = packFeeds(feeds, calls, calls);
    const outputs = Array.from({ length: calls }, (_, call) => {
      const row = tf.tensor1d(words.subarray(call * width, (call + 1) * width), 'int32');
      const trace = this.#trace(key, (state) => this.#traceOnce(onRow, [row], state));
      const [output] = read(this.#runTrace(trace, [row]));
      row.dispose();
      return output ?? new Float32Array(0);
    });
    return joinFloats(outputs);
  }

  /** Takes many calls at once, in pieces of what the compiled program has room for. */
  #repeatCompiled(
    key: string,
    onRow: StateFunction,
    { calls, feeds, capacity }: { calls: number; feeds: readonly Feed[]; capacity: number },
  ): Float32Array {
    const width = widthOf(feeds);
    const trace = this.#trace(`${key} compiled, ${capacity} at once`, (state) =>
      this.#traceLoop(onRow, { capacity, width }, state),
    );
    const pieces: Float32Array[] = [];
    for (let first = 0; first < calls; first += capacity) {
      const count = Math.min(capacity, calls - first);
      const piece = feeds.map((feed) => sliceCalls(feed, first, count));
      const words = packFeeds(piece, count, capacity);
      const given = [tf.scalar(count, 'int32'), tf.tensor2d(words, [capacity, width], 'int32')];
      const [rows = new Float32Array(0)] = read(this.#runCompiled(trace, given));
      tf.dispose(given);
      pieces.push(rows.subarray(0, (rows.length / capacity) * count));
    }
    return joinFloats(pieces);
  }

  /** Once more without what was kept of earlier compilations, which may be damaged, where it fails. */
  #runCompiled(trace: Trace, given: tf.Tensor[]): tf.Tensor[] {
    if (this.#proven.has(trace)) return this.#runTrace(trace, given);
    const state = this.readState();
    try {
      return this.#runTrace(trace, given);
    } catch (error) {
      if (this.#compiler?.forget() !== true) throw error;
      this.close();
      this.writeState(state);
      return this.#runTrace(trace, given);
    } finally {
      this.#proven.add(trace);
    }
  }

  /** The trace under a key; a new one opens a new session, which takes the state over. */
  #trace(key: string, make: (state: Float32Array[]) => Trace): Trace {
    const known = this.#traces.get(key);
    if (known !== undefined) return known;
    const state = this.readState();
    const made = make(state);
    this.#traces.set(key, made);
    this.close();
    this.writeState(state);
    return made;
  }

  #record(
    fn: StateFunction,
    inputs: tf.Tensor[],
    values: Float32Array[],
  ): { prefix: string; recorded: RecordedFunction } {
    const prefix = `f${this.#traces.size}/n`;
    const given = { inputs, prefix, state: this.#state };
    return { prefix, recorded: record(this.#backend, fn, given, values) };
  }

  #traceOnce(fn: StateFunction, given: tf.Tensor[], state: Float32Array[]): Trace {
    const { prefix, recorded } = this.#record(fn, given, state);
    const { nodes, inputs, outputs, replaced } = recorded;
    const ending = this.#state.replaceNodes(replaced, outputs, prefix);
    return { nodes: [...nodes, ...ending.nodes], functions: [], inputs, outputs: ending.outputs };
  }

  #traceLoop(
    onRow: StateFunction,
    size: { capacity: number; width: number },
    state: Float32Array[],
  ): Trace {
    const row = tf.zeros([size.width], 'int32');
    const { prefix, recorded } = this.#record(onRow, [row], state);
    row.dispose();
    const { nodes, inputs, reads, outputs, replaced, length } = recorded;
    const { functions, ...call } = writeLoop(
      this.#backend.binding,
      prefix,
      { ...size, outputs: length, state: this.#stateSizes },
      { nodes, row: inputs[0] ?? '', reads, output: outputs[0] ?? '', replaced },
    );
    const ending = this.#state.replaceNodes(call.replaced, [call.rows], prefix);
    const all = [...this.#state.readNodes(prefix), ...call.nodes, ...ending.nodes];
    return { nodes: all, functions, inputs: call.inputs, outputs: ending.outputs };
  }

  #open(): number {
    const traces = [...this.#traces.values()];
    const state = this.#stateSizes.length === 0 ? [] : this.#state.nodes;
    return loadGraph(this.#backend.binding, {
      nodes: [...state, ...traces.flatMap(({ nodes }) => nodes)],
      functions: traces.flatMap(({ functions }) => functions),
    });
  }

  #runTrace({ inputs, outputs }: Trace, given: tf.Tensor[]): tf.Tensor[] {
    return this.#runSession(given, inputs, outputs);
  }

  #runSession(
    inputs: tf.Tensor[],
    inputNames: readonly string[],
    outputNames: readonly string[],
  ): tf.Tensor[] {
    this.#session ??= this.#open();
    const ids = this.#backend.getInputTensorIds(inputs);
    return this.#backend.binding
      .runSavedModel(this.#session, ids, joinOutputs(inputNames), joinOutputs(outputNames))
      .map((output) => this.#backend.createOutputTensor(output));
  }
}
