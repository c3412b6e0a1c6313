import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { StudyDetail, StudySummary } from '../../core/studies/progress.ts';
import { inBatches } from '../composables/inBatches.ts';
import { toUserError } from '../composables/userError.ts';
import type { UserError } from '../composables/userError.ts';
import { useClient } from './client.ts';
import { useConnectionStore } from './connection.ts';

/** How often studies are asked for again while their runs get on, ms. */
const settleMs = 400;

/** Studies, and how far each is; loaded again when one or the state of a run changes. */
export const useStudiesStore = defineStore('studies', () => {
  const client = useClient();
  const studies = shallowRef<readonly StudySummary[]>([]);
  const state = ref<'idle' | 'loading' | 'ready' | 'failed'>('idle');
  const error = shallowRef<UserError | null>(null);
  /** Grows with everything that may have changed a study. */
  const changes = ref(0);
  let loads = 0;

  async function reload(): Promise<void> {
    const mine = (loads += 1);
    if (state.value !== 'ready') state.value = 'loading';
    try {
      const listed = await client.studies.list({});
      if (mine !== loads) return;
      studies.value = listed;
      error.value = null;
      state.value = 'ready';
    } catch (caught) {
      if (mine !== loads) return;
      error.value = toUserError(caught);
      state.value = 'failed';
    }
  }

  const news = inBatches<true>(settleMs, () => {
    changes.value += 1;
    if (state.value !== 'idle') void reload();
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
    ...{ studies, state, error, changes, reload },
    /** Loads the list at the first call. */
    ensure: async () => {
      if (state.value === 'idle') await reload();
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
