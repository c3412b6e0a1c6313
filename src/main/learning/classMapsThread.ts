/**
 * A thread that computes the maps of every class of one image, posts them and ends. On the embedded
 * engine whatever the run was trained on: it starts at once, and cannot take the process with it.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { ClassMapsRequest } from '../../shared/classMaps.ts';
import { computeClassMaps } from './classMaps.ts';
import { openWasmEngine } from './engine/wasm/wasmEngine.ts';

const engine = await openWasmEngine();
parentPort?.postMessage(computeClassMaps(engine, workerData as ClassMapsRequest));
