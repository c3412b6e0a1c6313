import { defineStore } from 'pinia';
import type { NewRun } from '../../shared/contract.ts';
import type { Estimate } from '../../shared/estimate.ts';
import type { StudyDetail } from '../../core/studies/progress.ts';
import type { Study } from '../../core/studies/study.ts';
import type { EngineName, RunSummary } from '../../core/records.ts';
import type { RunConfig } from '../../core/config/runConfig.ts';
import { formatCount } from '../composables/format.ts';
import { useClient } from './client.ts';
import { useRunsStore } from './runs.ts';
import { useToastsStore } from './toasts.ts';

/** Puts runs into the queue, and says before how long they will take. */
export const useNewRunStore = defineStore('newRun', () => {
  const client = useClient();
  const runs = useRunsStore();
  const toasts = useToastsStore();

  const estimate = (
    configs: RunConfig[],
    engine: EngineName | null,
    signal: AbortSignal,
  ): Promise<Estimate> => client.runs.estimate({ configs, engine }, { signal });

  /** `engine` null: native where it loads, else the embedded one. `keepCheckpoints` undefined: as Settings say. */
  async function queue(
    newRuns: NewRun[],
    engine: EngineName | null,
    keepCheckpoints?: boolean,
  ): Promise<RunSummary[]> {
    const created = await runs.create(newRuns, engine, keepCheckpoints);
    toasts.show({ message: `Queued ${formatCount(created.length, 'run')}`, kind: 'success' });
    return created;
  }

  /** Stores a study and trains nothing yet. */
  const planStudy = (study: Study): Promise<StudyDetail> => client.studies.create({ study });

  /**
   * Makes a study and queues all its runs.
   *
   * @param options as for `queue`; `isRenamed`: where there is a study of its name, it gets a number
   */
  async function queueStudy(
    study: Study,
    options: {
      engine?: EngineName | null;
      keepCheckpoints?: boolean | undefined;
      isRenamed?: boolean;
    },
  ): Promise<{ studyId: string; runIds: string[] }> {
    const { engine = null, keepCheckpoints, isRenamed = false } = options;
    const { id: studyId } = await client.studies.create({ study, isRenamed });
    const { runIds } = await client.studies.start({
      ...{ studyId, engine, keepCheckpoints },
      states: ['planned'],
    });
    toasts.show({ message: `Queued ${formatCount(runIds.length, 'run')}`, kind: 'success' });
    return { studyId, runIds };
  }

  return { estimate, queue, planStudy, queueStudy };
});
