import type { LongTaskProgress } from '../../shared/longTask.ts';
import type { ExportedEpochs, RunFormatName } from '../../shared/exportCalls.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import type { ExportedRun, ExportSource } from '../export/formats/format.ts';
import { runWriters } from '../export/formats/registry.ts';
import type { History } from '../store/history.ts';
import type { RunDatasets } from './runDatasets.ts';
import { storedEpoch } from './storedEpoch.ts';

export interface ExportParts {
  history: History;
  library: DatasetLibrary;
  datasets: RunDatasets;
}

export interface RunsToExport {
  runIds: readonly string[];
  format: RunFormatName;
  epochs: ExportedEpochs;
  resized: boolean;
  /** A bundle takes the images of its data sets along. */
  withData: boolean;
  /** A file or a folder, as the format says. */
  out: string;
}

const none = new Uint32Array(0);

/** Stored epochs that were chosen, ascending, each once. */
function listEpochs(history: History, runId: string, choice: ExportedEpochs): number[] {
  if (choice === 'all') return history.epochs.list(runId).map(({ epoch }) => epoch);
  const chosen = choice.map(
    (one) => history.epochs.get(runId, storedEpoch(history, runId, one)).epoch,
  );
  return [...new Set(chosen)].sort((a, b) => a - b);
}

function openRun(
  { history, datasets }: ExportParts,
  runId: string,
  epochs: ExportedEpochs,
): ExportedRun {
  // Says of a run that has not begun that it has no data set yet.
  const dataset = datasets.recordOf(runId);
  const { split = { train: none, validation: none, test: none } } = history.splits.get(runId) ?? {};
  return {
    ...{ run: history.runs.get(runId), dataset, split },
    marks: history.exampleMarks.list(dataset.id),
    epochs: listEpochs(history, runId, epochs),
    loadImages: () => datasets.load(runId),
    readExamples: (epoch) => history.examples.getEpoch(runId, epoch),
    readWeights: (epoch) => history.weights.get(runId, epoch).weights,
  };
}

/** Tells of each epoch that is read, of those of all runs. */
function tellEpochs(
  runs: readonly ExportedRun[],
  onProgress: (progress: LongTaskProgress) => void,
): ExportedRun[] {
  const total = runs.reduce((sum, { epochs }) => sum + epochs.length, 0);
  let done = 0;
  return runs.map(({ readExamples, ...run }) => ({
    ...run,
    readExamples: (epoch) => {
      onProgress({ step: 'Reading predictions and maps', done, total });
      done += 1;
      return readExamples(epoch);
    },
  }));
}

/**
 * Writes runs in a format, all of it or nothing of each file. What a format does not take is left unheeded;
 * INVALID_ARGUMENT where it cannot hold so much, NOT_FOUND for an epoch or images that are not here.
 *
 * @returns paths of what was written
 */
export async function exportRuns(
  { runIds, format, epochs, resized, withData, out }: RunsToExport,
  parts: ExportParts,
  onProgress: (progress: LongTaskProgress) => void = () => undefined,
): Promise<string[]> {
  const { history, library } = parts;
  const source: ExportSource = {
    openRuns: () =>
      tellEpochs(
        runIds.map((id) => openRun(parts, id, epochs)),
        onProgress,
      ),
    writeBundle: (path) =>
      history.exportBundle(runIds, path, { datasets: withData ? library : undefined, onProgress }),
  };
  return runWriters[format](source, { out, resized });
}
