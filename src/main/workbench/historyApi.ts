import type { LongTaskProgress } from '../../shared/longTask.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import { streamTask } from '../platform/longTask.ts';
import type { WorkbenchApi } from '../router.ts';
import type { DerivedCache } from '../store/cache/derivedCache.ts';
import type { History } from '../store/history.ts';

/** Everything that is wrong with the stored runs and data sets, in words; empty if all is well. */
async function verifyAll(
  history: History,
  library: DatasetLibrary,
  options: { onProgress: (progress: LongTaskProgress) => void; signal: AbortSignal },
): Promise<string[]> {
  const problems = await history.verify(options);
  options.onProgress({ step: 'Data sets', done: 0, total: null });
  const damaged = await library.verify(options.signal);
  return [
    ...problems,
    ...damaged.map(({ record, path, problem }) => `data set ${record.name}: ${path} is ${problem}`),
  ];
}

export function buildHistoryApi(parts: {
  history: History;
  library: DatasetLibrary;
  derived: DerivedCache;
}): Pick<WorkbenchApi, 'history' | 'cache' | 'filters'> {
  const { history, library, derived } = parts;
  const { filters } = history;
  return {
    history: {
      info: () => Promise.resolve(history.info()),
      access: () => Promise.resolve({ readOnly: history.refusal }),
      verify: (_, { signal }) =>
        streamTask(
          (onProgress, ending) => verifyAll(history, library, { onProgress, signal: ending }),
          signal,
        ),
      keepCheckpoints: ({ keep }) => {
        history.space.keepsCheckpoints = keep;
        return Promise.resolve();
      },
      compact: (_, { signal }) =>
        streamTask(
          (onProgress, ending) => history.space.compact({ onProgress, signal: ending }),
          signal,
        ),
      backup: ({ path }, { signal }) =>
        streamTask(
          (onProgress, ending) => history.backup(path, { onProgress, signal: ending }),
          signal,
        ),
    },
    cache: {
      info: () => Promise.resolve(derived.info()),
      limit: ({ limitBytes }) => {
        derived.setLimit(limitBytes);
        return Promise.resolve(derived.info());
      },
      clear: () => {
        derived.clear();
        return Promise.resolve(derived.info());
      },
    },
    filters: {
      list: () => Promise.resolve(filters.list()),
      save: (filter) => {
        filters.save(filter);
        return Promise.resolve(filters.list());
      },
      remove: ({ name }) => {
        filters.remove(name);
        return Promise.resolve(filters.list());
      },
    },
  };
}
