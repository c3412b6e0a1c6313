/**
 * A thread that explains what networks make of one image; on the embedded engine whatever the run was
 * trained on, as class maps are.
 */
import type { ExplanationsRequest } from '../../core/explainers/explanation.ts';
import { answerTask } from '../platform/threads.ts';
import { openWasmEngine } from './engine/wasm/wasmEngine.ts';
import { computeExplanations } from './explanations.ts';

await answerTask(async (request: ExplanationsRequest, report) =>
  computeExplanations(await openWasmEngine(), request, report),
);
