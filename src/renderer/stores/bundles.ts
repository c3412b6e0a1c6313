import { defineStore } from 'pinia';
import { computed } from 'vue';
import { nameDatasets } from '../../core/datasetNames.ts';
import type { ImportResult } from '../../shared/bundleCalls.ts';
import type { ImportedWeights } from '../../shared/contract.ts';
import type { LongTaskProgress } from '../../shared/longTask.ts';
import { receiveReport, receiveRuns, sendBundle, sendWeights } from './bundlePieces.ts';
import type { RunsExport, WeightsChoices } from './bundlePieces.ts';
import { useClient } from './client.ts';
import { useTasksStore } from './tasks.ts';
import type { LongCall } from './tasks.ts';
import { useToastsStore } from './toasts.ts';

/** What came of importing several bundles, in numbers of runs; `read` counts the bundles. */
export interface ImportCounts {
  read: number;
  imported: number;
  skipped: number;
  /** Of those skipped. */
  inBin: number;
  /** Names of data sets whose images are not here. */
  absent: string[];
}

/** Each bundle's progress, saying which of several it is. */
async function* nameSteps<T>(
  steps: AsyncGenerator<LongTaskProgress, T, void>,
  prefix: string,
): AsyncGenerator<LongTaskProgress, T, void> {
  try {
    for (;;) {
      const step = await steps.next();
      if (step.done === true) return step.value;
      yield { ...step.value, step: `${prefix}${step.value.step}` };
    }
  } finally {
    await steps.return(undefined as T);
  }
}

/** Runs that leave and arrive as files: each a task with progress and cancel. */
export const useBundlesStore = defineStore('bundles', () => {
  const { runs } = useClient();
  const tasks = useTasksStore();
  const toasts = useToastsStore();
  let begun = 0;

  /** Runs a task of its own to its end; why it failed is told at once, as no view has to be open. */
  async function carry<T>(title: string, call: LongCall<T>): Promise<T | undefined> {
    const key = `bundle:${(begun += 1)}`;
    const result = await tasks.run(key, title, call);
    const error = tasks.taskOf(key)?.error;
    if (error) toasts.showError(error);
    tasks.dismiss(key);
    return result;
  }

  const exportRuns = (wanted: RunsExport, title: string): Promise<Blob | undefined> =>
    carry(title, (signal) => Promise.resolve(receiveRuns(runs, wanted, signal)));

  const exportReport = (studyId: string, title: string): Promise<Blob | undefined> =>
    carry(title, (signal) => Promise.resolve(receiveReport(runs, studyId, signal)));

  const importWeights = (
    file: File,
    choices: WeightsChoices,
  ): Promise<ImportedWeights | undefined> =>
    carry(`Import ${file.name}`, (signal) =>
      Promise.resolve(sendWeights(runs, file, choices, signal)),
    );

  async function* importAll(
    files: readonly File[],
    signal: AbortSignal,
    counts: ImportCounts,
  ): AsyncGenerator<LongTaskProgress, void, void> {
    for (const [index, file] of files.entries()) {
      const prefix = files.length === 1 ? '' : `${index + 1} of ${files.length}, ${file.name}: `;
      try {
        const steps = nameSteps<ImportResult>(sendBundle(runs, file, signal), prefix);
        const { imported, skipped, inBin, absent } = yield* steps;
        counts.read += 1;
        counts.imported += imported.length;
        counts.skipped += skipped.length;
        counts.inBin += inBin.length;
        counts.absent.push(...nameDatasets(absent));
      } catch (error) {
        signal.throwIfAborted();
        toasts.showError(error);
      }
    }
  }

  /** Cancelled, it keeps those that had come in whole. */
  async function importFiles(files: readonly File[]): Promise<ImportCounts> {
    const counts: ImportCounts = { read: 0, imported: 0, skipped: 0, inBin: 0, absent: [] };
    const title =
      files.length === 1 ? `Import ${files[0]?.name}` : `Import ${files.length} bundles`;
    await carry(title, (signal) => Promise.resolve(importAll(files, signal, counts)));
    return counts;
  }

  const running = computed(() => tasks.running.filter(({ key }) => key.startsWith('bundle:')));
  return { exportRuns, exportReport, importFiles, importWeights, running };
});
