/**
 * A thread that computes the maps of every class of one image. On the embedded engine whatever the run
 * was trained on: it starts at once, and cannot take the process with it.
 */
import type { ClassMapsRequest } from '../../core/maps/classMaps.ts';
import { answerTask } from '../platform/threads.ts';
import { computeClassMaps } from './classMaps.ts';
import { openWasmEngine } from './engine/wasm/wasmEngine.ts';

await answerTask(async (request: ClassMapsRequest) =>
  computeClassMaps(await openWasmEngine(), request),
);
