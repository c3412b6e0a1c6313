import * as tf from '@tensorflow/tfjs';
import type { Runner } from '../eagerProgram.ts';
import type { StateFunction } from '../engine.ts';
import type { WasmBackend, WasmInstance } from './module/instance.ts';
import { backendName, habitsOf, instanceFor } from './register.ts';

/** A number for each piece of data that a recording meets; tensors of one piece differ in their shapes alone. */
type Place = number;

type View = Pick<tf.TensorInfo, 'shape' | 'dtype'> & { place: Place };

/** One kernel as it was called. */
interface Call {
  name: string;
  attributes: tf.NamedAttrMap;
  /** Operations name their inputs or list them. */
  isList: boolean;
  inputs: readonly [string, View][];
  outputs: readonly { place: Place; isNew: boolean }[];
  /** Places that no later call needs. */
  last: Place[];
}

/** By name, or by number of a list. */
type Inputs = Record<string, tf.TensorInfo | null | undefined>;

/** What a function calls while `record` runs it. */
class KernelRecording {
  readonly calls: Call[] = [];
  readonly constants = new Map<Place, tf.Tensor>();
  readonly #places = new Map<tf.DataId, Place>();
  readonly #backend: WasmBackend;
  #size = 0;

  constructor(backend: WasmBackend) {
    this.#backend = backend;
  }

  /** Places so far. */
  get size(): number {
    return this.#size;
  }

  /** The next place, of this data. */
  add(dataId: tf.DataId): Place {
    const place = this.#size;
    this.#size += 1;
    this.#places.set(dataId, place);
    return place;
  }

  /** What nothing has made and nobody has given is a constant, and kept. */
  view({ dataId, shape, dtype }: tf.TensorInfo): View {
    let place = this.#places.get(dataId);
    if (place === undefined) {
      place = this.add(dataId);
      this.#backend.incRef(dataId);
      const constant = tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype });
      this.constants.set(place, tf.keep(constant));
    }
    return { place, shape, dtype };
  }

  addCall(
    name: string,
    inputs: Inputs | tf.TensorInfo[],
    attributes: tf.NamedAttrMap,
    outputs: tf.TensorInfo[],
  ): void {
    const given = Object.entries(inputs as Inputs).flatMap(([key, tensor]): [string, View][] =>
      tensor ? [[key, this.view(tensor)]] : [],
    );
    const made = outputs.map(({ dataId }) => {
      const known = this.#places.get(dataId);
      return known === undefined
        ? { place: this.add(dataId), isNew: true }
        : { place: known, isNew: false };
    });
    // Another view of data that is there: nothing to repeat.
    if (made.every(({ isNew }) => !isNew)) return;
    const isList = Array.isArray(inputs);
    this.calls.push({ name, attributes, isList, inputs: given, outputs: made, last: [] });
  }
}

/** Runs something and tells each kernel that it calls, but none that a kernel calls itself. */
function listen<Result>(
  called: (...call: Parameters<KernelRecording['addCall']>) => void,
  run: () => Result,
): Result {
  const engine = tf.engine();
  const runKernel = engine.runKernel.bind(engine) as (
    ...call: Parameters<typeof engine.runKernel>
  ) => tf.Tensor | tf.Tensor[];
  let depth = 0;
  const listening: typeof runKernel = (name, inputs, attributes = {}) => {
    depth += 1;
    try {
      const result = runKernel(name, inputs, attributes);
      if (depth === 1) called(name, inputs, attributes, [result].flat());
      return result;
    } finally {
      depth -= 1;
    }
  };
  Object.assign(engine, { runKernel: listening });
  try {
    return run();
  } finally {
    // The one of its class is left.
    Reflect.deleteProperty(engine, 'runKernel');
  }
}

/** A call to be repeated, with what it is given: from run to run its data alone changes. */
interface Repeated {
  /** Whether it waits by itself for the work that it needs done. */
  isOwn: boolean;
  kernelFunc: tf.KernelFunc;
  given: Parameters<tf.KernelFunc>[0];
  inputs: readonly { info: tf.TensorInfo; place: Place }[];
  outputs: Call['outputs'];
  last: readonly Place[];
  /** An input that the kernel may overwrite. */
  overwritten: { info: tf.TensorInfo; place: Place } | null;
}

function repeat(call: Call, backend: tf.KernelBackend): Repeated {
  const { kernelFunc } = tf.getKernel(call.name, backendName);
  const inputs = call.inputs.map(([key, { place, shape, dtype }]) => {
    return { key, place, info: { dataId: {}, shape, dtype } };
  });
  const given = (call.isList ? [] : {}) as tf.NamedTensorInfoMap;
  for (const { key, info } of inputs) given[key] = info;
  const { attributes: attrs, outputs, last } = call;
  const habits = habitsOf(call.name);
  const overwritten = inputs.find(
    ({ key, place }) => key === habits?.overwrites && last.includes(place),
  );
  return {
    ...{ isOwn: habits !== null, kernelFunc, given: { inputs: given, attrs, backend } },
    ...{ inputs, outputs, last, overwritten: overwritten ?? null },
  };
}

type Results = ReturnType<StateFunction>;

/** What lies at each place in a run; nothing where it is not made yet. */
type Data = (tf.DataId | undefined)[];

/**
 * The kernels that a function called once, to be called again on other values of the same shapes: without
 * tfjs's tape of gradients and its books on every tensor, which take a tenth of a training step, and with the
 * next kernels prepared while threads are at work on one. What a kernel made is given back as soon as no
 * later one needs it.
 */
export class RecordedFunction {
  readonly #backend: WasmBackend;
  readonly #instance: WasmInstance;
  readonly #calls: readonly Repeated[];
  readonly #constants: ReadonlyMap<Place, tf.Tensor>;
  readonly #size: number;
  readonly #outputs: readonly View[];
  readonly #state: readonly View[] | null;

  private constructor(backend: WasmBackend, recording: KernelRecording, results: Results) {
    this.#backend = backend;
    this.#instance = instanceFor(backend);
    this.#outputs = results.outputs.map((tensor) => recording.view(tensor));
    this.#state = results.state?.map((tensor) => recording.view(tensor)) ?? null;
    this.#findLast(recording.calls);
    this.#calls = recording.calls.map((call) =>
      repeat(call, backend as unknown as tf.KernelBackend),
    );
    this.#constants = recording.constants;
    this.#size = recording.size;
  }

  /** Runs a function, for its results and to have it recorded. */
  static record(
    backend: WasmBackend,
    run: StateFunction,
    inputs: tf.Tensor[],
    state: tf.Tensor1D[],
  ): { results: Results; recorded: RecordedFunction } {
    const recording = new KernelRecording(backend);
    for (const { dataId } of [...inputs, ...state]) recording.add(dataId);
    try {
      const results = listen(
        (...call) => {
          recording.addCall(...call);
        },
        () => tf.tidy(() => ({ ...run(inputs, state) })),
      );
      return { results, recorded: new RecordedFunction(backend, recording, results) };
    } catch (error) {
      tf.dispose([...recording.constants.values()]);
      throw error;
    }
  }

  /** The same kernels on other tensors of the same shapes. */
  run(inputs: tf.Tensor[], state: tf.Tensor1D[]): Results {
    const data: Data = Array.from({ length: this.#size });
    [...inputs, ...state].forEach(({ dataId }, place) => {
      data[place] = dataId;
    });
    for (const [place, { dataId }] of this.#constants) data[place] = dataId;
    const made = new Set<Place>();
    try {
      this.#instance.defer(() => {
        for (const call of this.#calls) this.#call(call, data, made);
      });
      return {
        outputs: this.#take(this.#outputs, data, made),
        ...(this.#state !== null && {
          state: this.#take(this.#state, data, made) as tf.Tensor1D[],
        }),
      };
    } finally {
      for (const place of made) this.#backend.disposeData(data[place] as tf.DataId);
    }
  }

  close(): void {
    tf.dispose([...this.#constants.values()]);
  }

  #findLast(calls: readonly Call[]): void {
    const results = [...this.#outputs, ...(this.#state ?? [])].map(({ place }) => place);
    const needed = new Set(results);
    for (const call of calls.toReversed()) {
      for (const { place } of [...call.inputs.map(([, view]) => view), ...call.outputs]) {
        if (!needed.has(place)) call.last.push(place);
        needed.add(place);
      }
    }
  }

  #call(
    { isOwn, kernelFunc, given, inputs, outputs, last, overwritten }: Repeated,
    data: Data,
    made: Set<Place>,
  ): void {
    if (!isOwn) this.#instance.finish();
    for (const { info, place } of inputs) info.dataId = data[place] as tf.DataId;
    // What the caller owns, or the recording as a constant, is not the kernel's to overwrite.
    const offered = overwritten !== null && made.has(overwritten.place) ? overwritten : null;
    const results = [
      this.#instance.offering(offered?.info ?? null, () => kernelFunc(given)),
    ].flat();
    results.forEach(({ dataId }, i) => {
      const { place, isNew } = outputs[i] as Call['outputs'][number];
      // A view of what is there already holds it once more.
      if (!isNew) this.#backend.disposeData(dataId);
      else made.add(place);
      data[place] = dataId;
      // It is the output's now.
      if (dataId === offered?.info.dataId) made.delete(offered.place);
    });
    for (const place of last) {
      if (made.delete(place)) {
        const dataId = data[place] as tf.DataId;
        this.#instance.afterJobs(() => void this.#backend.disposeData(dataId));
      }
    }
  }

  /** Tensors of what a run made, which become the caller's. */
  #take(views: readonly View[], data: Data, made: Set<Place>): tf.Tensor[] {
    return views.map(({ place, shape, dtype }) => {
      const dataId = data[place] as tf.DataId;
      if (!made.delete(place)) this.#backend.incRef(dataId);
      return tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype });
    });
  }
}

/** Records each function at its first run with inputs of some shapes, and from then on repeats its kernels. */
export function createRecorder(backend: WasmBackend): Runner {
  const known = new Map<string, RecordedFunction>();
  return {
    run(key, fn, inputs, state) {
      const recorded = known.get(key);
      if (recorded !== undefined) return recorded.run(inputs, state);
      const first = RecordedFunction.record(backend, fn, inputs, state);
      known.set(key, first.recorded);
      return first.results;
    },
    close() {
      for (const recorded of known.values()) recorded.close();
      known.clear();
    },
  };
}
