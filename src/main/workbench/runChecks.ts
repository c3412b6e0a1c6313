import type { DatasetLibrary } from '../datasets/library.ts';
import type { History } from '../store/history.ts';
import { checkResumedMemory, checkRuns } from './checkRuns.ts';
import { usualEngine, type EngineChoice } from './enginesApi.ts';
import { estimateRuns } from './estimate.ts';
import type { RunDatasets } from './runDatasets.ts';
import { checkResumedThreads, engineOf } from './runEngine.ts';
import type { RunsApiParts } from './runsApi.ts';

/** What is asked of runs before they are queued, go on or have their time estimated. */
export function buildRunChecks(parts: {
  dataDir: string;
  history: History;
  library: DatasetLibrary;
  datasets: RunDatasets;
  engines: EngineChoice;
  threads: number | undefined;
  jobs: number;
}): Pick<RunsApiParts, 'check' | 'checkResumed' | 'estimate'> {
  const { dataDir, history, datasets, engines, jobs } = parts;
  return {
    check: async (wanted, asked) => {
      await checkRuns(wanted, asked ?? (await engines.get()).name, parts);
    },
    checkResumed: async (runId) => {
      checkResumedThreads(runId, parts);
      await datasets.checkImages(runId);
      checkResumedMemory(runId, await engineOf(runId, parts), history);
    },
    // What is installed says enough here: to load it, as `engines.get` does, takes seconds.
    estimate: async ({ configs, engine: asked }) => {
      const engine = asked ?? (await usualEngine(dataDir));
      await checkRuns(
        configs.map((config) => ({ config })),
        engine,
        parts,
      );
      return estimateRuns(configs, { history, jobs, engine });
    },
  };
}
