import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { StudyDetail } from '../../core/studies/progress.ts';
import { inBatches } from '../composables/inBatches.ts';
import { useClient } from './client.ts';
import { useConnectionStore } from './connection.ts';
import { createNewestList } from './newestList.ts';

/** How often studies are asked for again while their runs get on, ms. */
const settleMs = 400;

/** Studies, and how far each is; loaded again when one or the state of a run changes. */
export const useStudiesStore = defineStore('studies', () => {
  const client = useClient();
  const { items: studies, ...list } = createNewestList(() => client.studies.list({}));
  /** Grows with everything that may have changed a study. */
  const changes = ref(0);
  const news = inBatches<true>(settleMs, () => {
    changes.value += 1;
    if (list.state.value !== 'idle') void list.reload();
  });
  const statuses = new Map<string, string>();

  useConnectionStore().listen((event) => {
    if (event.type === 'studies' || event.type === 'reset' || event.type === 'purged') {
      news.put('all', true);
    } else if (event.type === 'run') {
      const { id, status, deletedAt } = event.run;
      const now = `${status} ${deletedAt === null ? 'listed' : 'deleted'}`;
      // Runs change with every epoch; studies show their states.
      if (statuses.get(id) !== now) news.put('all', true);
      statuses.set(id, now);
    }
  });

  return {
    ...{ studies, changes, ...list },
    /** Loads the list at the first call. */
    ensure: async () => {
      if (list.state.value === 'idle') await list.reload();
    },
    load: (studyId: string, signal: AbortSignal): Promise<StudyDetail> =>
      client.studies.get({ studyId }, { signal }),
    estimate: (studyId: string, signal: AbortSignal) =>
      client.studies.estimate({ studyId }, { signal }),
    adopt: (name: string, question: string, runIds: string[]): Promise<StudyDetail> =>
      client.studies.adopt({ name, question, runIds }),
    change: (studyId: string, name: string, question: string): Promise<StudyDetail> =>
      client.studies.change({ studyId, name, question }),
    start: (studyId: string, states: ('planned' | 'paused' | 'failed')[]) =>
      client.studies.start({ studyId, states }),
    remove: (studyId: string, runs: boolean) => client.studies.delete({ studyId, runs }),
  };
});
