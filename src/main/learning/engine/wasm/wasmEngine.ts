import * as tf from '@tensorflow/tfjs';
import { version_wasm } from '@tensorflow/tfjs-backend-wasm';
import { AfterimageError } from '../../../../core/errors.ts';
import { EagerProgram } from '../eagerProgram.ts';
import type { Engine } from '../engine.ts';
import { shareBackendMemory } from './threads/sharedMemory.ts';
import { registerConvolutions } from './convolution/convolutionKernels.ts';
import { registerDepthwiseConvolution } from './convolution/depthwiseConvolution.ts';
import { registerDepthwiseGradient } from './convolution/depthwiseGradient.ts';
import { registerDataMovement } from './tensors/dataKernels.ts';
import { registerLayers } from './layers/layerKernels.ts';
import { registerPhilox } from './layers/philoxKernels.ts';
import { registerTokens } from './layers/tokenKernels.ts';
import { registerMatrixProduct } from './matrix/matrixKernels.ts';
import { registerSelection } from './tensors/selectionKernels.ts';
import { registerElementwise } from './tensors/elementwiseKernels.ts';
import { registerReductions } from './tensors/reductionKernels.ts';
import { createRecorder } from './kernelRecording.ts';
import type { WasmBackend } from './module/instance.ts';
import { backendName, instanceFor } from './register.ts';
import { registerLayerGradients, wasmOps } from './wasmOps.ts';

/** To be raised with any change to our kernels that changes a bit of what they compute. */
const kernelVersion = '1';

let registered = false;

/** Puts our kernels in front of tfjs's, once per process. */
export function registerKernels(): void {
  if (registered) return;
  registered = true;
  registerConvolutions();
  registerDepthwiseConvolution();
  registerDepthwiseGradient();
  registerMatrixProduct();
  registerReductions();
  registerElementwise();
  registerSelection();
  registerDataMovement();
  registerLayers();
  registerTokens();
  registerPhilox();
  registerLayerGradients();
}

/**
 * The embedded engine: needs nothing but Node. WebAssembly's arithmetic, vectors included, is the same to
 * the bit on every machine, and what a thread computes does not depend on how many there are.
 *
 * @param threads that share its work, this one included; where memory cannot be shared it is one. A
 *   process has one such engine: what opens it again changes its threads.
 */
export async function openWasmEngine(threads = 1): Promise<Engine> {
  if (!registered) shareBackendMemory();
  if (!(await tf.setBackend(backendName))) {
    throw new AfterimageError(
      'ENGINE_UNAVAILABLE',
      'The embedded engine (tfjs-backend-wasm) did not start.',
      'Run `npm ci` again; WebAssembly must not be switched off for Node.',
    );
  }
  await tf.ready();
  registerKernels();
  const backend = tf.backend() as unknown as WasmBackend;
  const instance = instanceFor(backend);
  await instance.useThreads(threads);
  return {
    info: {
      name: 'wasm',
      device: 'cpu',
      threads: instance.threads,
      deterministic: true,
      versions: {
        tfjs: tf.version.tfjs,
        'tfjs-backend-wasm': version_wasm,
        kernels: kernelVersion,
      },
    },
    ops: wasmOps,
    evaluationBatch: 200,
    fullCalls: false,
    load: (functions) => new EagerProgram(functions, createRecorder(backend)),
  };
}
