import { createHash } from 'node:crypto';
import type { Run } from '../../src/core/records.ts';
import { decodeSafetensors } from '../../src/core/formats/safetensors.ts';
import { openHistory, type History } from '../../src/main/store/history.ts';

const timings = new Set(['durationMs', 'evaluationMs', 'imagesPerSecond']);

function digest(...parts: ArrayBufferView[]): string {
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of parts) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}

/** One image over all epochs: predictions, both maps and their measures. */
function digestExample(history: History, runId: string, exampleId: number): string {
  const example = history.examples.getHistory(runId, exampleId);
  const { measures, ...arrays } = example;
  const all = [...Object.values(arrays), ...Object.values(measures)];
  return digest(...all.filter((value) => ArrayBuffer.isView(value)));
}

const digestTensors = (file: Uint8Array): Record<string, string> =>
  Object.fromEntries(
    Object.entries(decodeSafetensors(file, 'the weights').tensors).map(([name, tensor]) => [
      name,
      digest(tensor.values),
    ]),
  );

export interface StoredNumbers {
  epochs: Record<string, unknown>[];
  examples: Record<string, string>;
  weights: Record<string, string>[];
}

/** Opens the history of a data folder for as long as `read` takes. */
export function withHistory<T>(dataDir: string, read: (history: History) => T): T {
  const history = openHistory({ dataDir, version: 'test' });
  try {
    return read(history);
  } finally {
    history.close();
  }
}

export const readRuns = (dataDir: string): Run[] =>
  withHistory(dataDir, (history) => history.runs.list());

/** The step inside an epoch that a run's checkpoint was taken at; 0 between epochs. */
export function readCheckpointStep(dataDir: string, runId: string): number {
  const bytes = withHistory(dataDir, (history) => history.checkpoints.get(runId));
  if (bytes === null) return 0;
  const { metadata } = decodeSafetensors(bytes, 'the checkpoint');
  return (JSON.parse(metadata['progress'] ?? '{}') as { step: number }).step;
}

/** Every number that a run stored, times apart, in a form that two runs can be compared in. */
export function readNumbers(dataDir: string, runId: string): StoredNumbers {
  return withHistory(dataDir, (history) => {
    const { epochs } = history.runs.get(runId);
    const { exampleIds } = history.examples.getEpoch(runId, 0);
    return {
      epochs: epochs.map((metrics) =>
        Object.fromEntries(Object.entries(metrics).filter(([name]) => !timings.has(name))),
      ),
      examples: Object.fromEntries(
        Array.from(exampleIds, (id) => [id, digestExample(history, runId, id)]),
      ),
      weights: epochs.map(({ epoch }) => digestTensors(history.weights.get(runId, epoch).weights)),
    };
  });
}
