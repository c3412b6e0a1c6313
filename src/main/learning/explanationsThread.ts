/**
 * A thread that explains what networks make of images, request by request; on the embedded engine
 * whatever the run was trained on, as class maps are.
 */
import type { ConceptsRequest } from '../../core/explainers/concepts.ts';
import type { ExplanationsRequest } from '../../core/explainers/explanation.ts';
import { answerJobs } from '../platform/threads.ts';
import { openWasmEngine } from './engine/wasm/wasmEngine.ts';
import { createExplaining } from './explanations.ts';

const explaining = openWasmEngine().then(createExplaining);

answerJobs(
  async (request: ExplanationsRequest | ConceptsRequest, report) => {
    const { explain, weighChannels } = await explaining;
    return 'epochs' in request ? explain(request, report) : weighChannels(request, report);
  },
  () => [],
);
