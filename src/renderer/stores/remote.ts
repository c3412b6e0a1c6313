import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { isLive, type RemoteRun, type ResourceChanges } from '../../shared/remoteRuns.ts';
import { useClient } from './client.ts';
import { useConnectionStore } from './connection.ts';

/** Runs on clusters that are to come home, or were taken back; the workbench looks after them by itself. */
export const useRemoteStore = defineStore('remote', () => {
  const client = useClient();
  const known = shallowRef<readonly RemoteRun[]>([]);
  let loads = 0;

  /** Where that fails, runs stand as they were last known. */
  async function load(): Promise<void> {
    const mine = (loads += 1);
    const told = await client.studies.remote({}).catch(() => null);
    if (told !== null && mine === loads) known.value = told;
  }

  useConnectionStore().listen((event) => {
    if (event.type === 'remote' || event.type === 'reset') void load();
  });

  return {
    load,
    /** Those that are to come home. */
    runs: computed(() => known.value.filter(({ isTakenBack }) => !isTakenBack)),
    live: computed(() => known.value.filter(isLive)),
    /** Those that were taken back among them. */
    ofStudy: (studyId: string): RemoteRun[] => known.value.filter((run) => run.studyId === studyId),
    takeBack: (studyId: string) => client.studies.cancelRemote({ studyId }),
    retry: (studyId: string, changes: ResourceChanges) =>
      client.studies.retryRemote({ studyId, changes }),
  };
});
