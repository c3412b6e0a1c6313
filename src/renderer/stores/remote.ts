import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { RemoteRun, RemoteState } from '../../shared/remoteRuns.ts';
import { useClient } from './client.ts';
import { useConnectionStore } from './connection.ts';

/** In which a run has its task, be it that this waits. */
const liveStates: ReadonlySet<RemoteState> = new Set(['waiting', 'starting', 'running', 'saved']);

/** Runs on clusters that are to come home; the workbench looks after them by itself. */
export const useRemoteStore = defineStore('remote', () => {
  const client = useClient();
  const runs = shallowRef<readonly RemoteRun[]>([]);
  let loads = 0;

  /** Where that fails, runs stand as they were last known. */
  async function load(): Promise<void> {
    const mine = (loads += 1);
    const told = await client.studies.remote({}).catch(() => null);
    if (told !== null && mine === loads) runs.value = told;
  }

  useConnectionStore().listen((event) => {
    if (event.type === 'remote' || event.type === 'reset') void load();
  });

  return {
    ...{ runs, load },
    live: computed(() => runs.value.filter(({ state }) => liveStates.has(state))),
    ofStudy: (studyId: string): RemoteRun[] => runs.value.filter((run) => run.studyId === studyId),
  };
});
