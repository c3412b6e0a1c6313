import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import type { Program, StateFunction } from '../engine.ts';
import { encodeSavedModel, type GraphNode } from './graphFile.ts';
import { trace, type Trace } from './graphRecording.ts';
import { GraphState } from './graphState.ts';
import type { NativeBackend, NativeBinding } from './nativeBackend.ts';

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

/** As the binding takes a list of outputs. */
const joinOutputs = (names: readonly string[]): string =>
  names.map((name) => (name.includes(':') ? name : `${name}:0`)).join(',');

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
  readonly #traces = new Map<string, Trace>();
  #session: number | null = null;

  constructor(
    backend: NativeBackend,
    functions: Record<Name, StateFunction>,
    stateSizes: readonly number[],
  ) {
    this.#backend = backend;
    this.#functions = functions;
    this.#stateSizes = stateSizes;
    this.#state = new GraphState(stateSizes, backend.binding);
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
    const known = this.#traces.get(key) ?? this.#record(key, this.#functions[name], inputs);
    return this.#runSession(inputs, known.inputs, known.outputs);
  }

  close(): void {
    if (this.#session !== null) this.#backend.binding.deleteSavedModel(this.#session);
    this.#session = null;
  }

  #record(key: string, fn: StateFunction, inputs: tf.Tensor[]): Trace {
    const values = this.readState();
    const prefix = `f${this.#traces.size}/n`;
    const recorded = trace(this.#backend, fn, { inputs, prefix, state: this.#state }, values);
    this.#traces.set(key, recorded);
    this.close();
    this.writeState(values);
    return recorded;
  }

  #open(): number {
    const traced = [...this.#traces.values()].flatMap(({ nodes }) => nodes);
    const state = this.#stateSizes.length === 0 ? [] : this.#state.nodes;
    return loadGraph(this.#backend.binding, [...state, ...traced]);
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
