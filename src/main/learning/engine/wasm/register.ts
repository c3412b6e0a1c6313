import * as tf from '@tensorflow/tfjs';
import { createInstance, type WasmInstance, type WasmBackend } from './module/instance.ts';

export const backendName = 'wasm';

/** What a kernel is called with; `Attributes` are those that its operation sends. */
export interface KernelCall<Attributes, Output = tf.TensorInfo> {
  instance: WasmInstance;
  /** Throws where the operation sent no such tensor. */
  input: (name: string) => tf.TensorInfo;
  /** All that were sent, in order. */
  inputs: () => tf.TensorInfo[];
  attributes: Attributes;
  /** Runs tfjs's own kernel of the same name instead. */
  fallBack: () => Output;
}

/**
 * How a kernel treats its inputs: its first output of the size of the one that it `overwrites` may lie in that
 * one's memory, since it reads no element of it after it has written the same one of the output.
 */
interface Habits {
  overwrites?: string;
}

const own = new Map<string, Habits>();
/** Of kernels that touch memory through an instance alone; null for others. */
export const habitsOf = (name: string): Habits | null => own.get(name) ?? null;

const instances = new WeakMap<WasmBackend, WasmInstance>();

/** Our functions in a backend's memory. */
export function instanceFor(backend: WasmBackend): WasmInstance {
  const instance = instances.get(backend) ?? createInstance(backend);
  instances.set(backend, instance);
  return instance;
}

/** Registers a kernel for the WASM backend, in front of tfjs's own where there is one. */
export function registerKernel<Attributes, Result extends tf.TensorInfo | tf.TensorInfo[]>(
  name: string,
  kernel: (call: KernelCall<Attributes, Result>) => Result,
  habits: Habits = {},
): void {
  own.set(name, habits);
  const stock = tf.getKernel(name, backendName) as tf.KernelConfig | undefined;
  if (stock !== undefined) tf.unregisterKernel(name, backendName);
  tf.registerKernel({
    kernelName: name,
    backendName,
    // tfjs's kernel binds its WebAssembly function in here.
    ...(stock?.setupFunc === undefined ? {} : { setupFunc: stock.setupFunc }),
    kernelFunc: (call) => {
      const instance = instanceFor(call.backend as WasmBackend);
      return kernel({
        instance,
        attributes: call.attrs as Attributes,
        input: (key) => {
          const tensor = call.inputs[key];
          if (tensor === undefined) throw new RangeError(`${name}: the input ${key} is missing`);
          return tensor;
        },
        inputs: () => Object.values(call.inputs).filter((tensor) => tensor !== undefined),
        fallBack: () => {
          if (stock === undefined) {
            throw new RangeError(
              `${name}: the embedded engine cannot do ${JSON.stringify(call.attrs)}`,
            );
          }
          instance.finish();
          return stock.kernelFunc(call) as Result;
        },
      });
    },
  });
}
