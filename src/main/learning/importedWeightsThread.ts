/**
 * A thread that evaluates weights that were trained elsewhere; on the embedded engine, which starts at
 * once and cannot take the process with it.
 */
import { readFile } from 'node:fs/promises';
import { decodeDataset } from '../../core/formats/datasetFile.ts';
import { answerTask } from '../platform/threads.ts';
import { openWasmEngine } from './engine/wasm/wasmEngine.ts';
import { evaluateImported, type ImportedWeightsRequest } from './importedWeights.ts';

await answerTask(async (request: ImportedWeightsRequest, report) => {
  const { datasetPath } = request;
  const dataset = decodeDataset(await readFile(datasetPath), datasetPath);
  return evaluateImported(await openWasmEngine(), dataset, request, report);
});
