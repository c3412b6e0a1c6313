import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { ShallowRef } from 'vue';
import type { Api } from '../api.ts';
import type { CacheInfo, EngineStatus } from '../../shared/contract.ts';
import { toUserError } from '../composables/userError.ts';
import type { UserError } from '../composables/userError.ts';
import { useClient } from './client.ts';
import { useConnectionStore } from './connection.ts';
import { useTasksStore } from './tasks.ts';

export type HistoryInfo = Awaited<ReturnType<Api['client']['history']['info']>>;
type Tasks = ReturnType<typeof useTasksStore>;

/** A value that a call loads whole, with the reason where it could not. */
function createLoaded<T>(initial: T, call: () => Promise<T>) {
  const value = shallowRef(initial) as ShallowRef<T>;
  const error = shallowRef<UserError | null>(null);
  async function load(): Promise<void> {
    try {
      value.value = await call();
      error.value = null;
    } catch (caught) {
      error.value = toUserError(caught);
    }
  }
  return { value, error, load };
}

/** A check of every stored byte, and a copy of all of it. */
function createCare({ history }: Api['client'], tasks: Tasks) {
  /** What the last check found; null until one has ended. */
  const problems = shallowRef<readonly string[] | null>(null);
  const lastBackup = ref<string | null>(null);

  async function verify(): Promise<void> {
    problems.value = null;
    const found = await tasks.run<string[]>('verify', 'Check the history', (signal) =>
      history.verify({}, { signal }),
    );
    if (found !== undefined) problems.value = found;
  }

  async function backup(path: string): Promise<void> {
    lastBackup.value = null;
    await tasks.run<unknown>('backup', 'Back up the history', (signal) =>
      history.backup({ path }, { signal }),
    );
    if (tasks.taskOf('backup')?.state === 'done') lastBackup.value = path;
  }

  return { problems, lastBackup, verify, backup };
}

/** What makes the history smaller; its numbers are read again afterwards. */
function createSpace({ history, runs }: Api['client'], tasks: Tasks, reload: () => Promise<void>) {
  async function keepCheckpoints(keep: boolean): Promise<void> {
    await history.keepCheckpoints({ keep });
    await reload();
  }

  async function thin(runIds: string[], what: 'weights' | 'checkpoints'): Promise<void> {
    if (runIds.length === 0) return;
    const chosen = { weights: what === 'weights', checkpoints: what === 'checkpoints' };
    await tasks.run<unknown>('space', `Give up ${what}`, (signal) =>
      runs.thin({ runIds, ...chosen }, { signal }),
    );
    await reload();
  }

  async function compact(): Promise<void> {
    await tasks.run<unknown>('space', 'Give space back', (signal) =>
      history.compact({}, { signal }),
    );
    await reload();
  }

  return { keepCheckpoints, thin, compact };
}

/** Engines, the data folder and what can be done with them. */
export const useSettingsStore = defineStore('settings', () => {
  const client = useClient();
  const tasks = useTasksStore();
  const engines = createLoaded<readonly EngineStatus[]>([], () => client.engines.status({}));
  const history = createLoaded<HistoryInfo | null>(null, () => client.history.info({}));

  const cache = createLoaded<CacheInfo | null>(null, () => client.cache.info({}));

  async function limitCache(limitBytes: number): Promise<void> {
    cache.value.value = await client.cache.limit({ limitBytes });
  }

  async function clearCache(): Promise<void> {
    cache.value.value = await client.cache.clear({});
  }

  useConnectionStore().listen(({ type }) => {
    if (type === 'engines' || type === 'reset') void engines.load();
  });

  /** `gpu` null: whichever suits the machine. */
  async function installEngine(gpu: boolean | null): Promise<void> {
    const installed = await tasks.run<EngineStatus[]>(
      'engine',
      'Install the native engine',
      (signal) => client.engines.install({ gpu }, { signal }),
    );
    if (installed !== undefined) engines.value.value = installed;
  }

  async function removeEngine(): Promise<void> {
    engines.value.value = await client.engines.remove({});
  }

  return {
    ...createSpace(client, tasks, history.load),
    engines: engines.value,
    enginesError: engines.error,
    loadEngines: engines.load,
    installEngine,
    removeEngine,
    history: history.value,
    historyError: history.error,
    loadHistory: history.load,
    cache: cache.value,
    cacheError: cache.error,
    loadCache: cache.load,
    ...{ limitCache, clearCache },
    ...createCare(client, tasks),
    taskOf: tasks.taskOf,
  };
});
