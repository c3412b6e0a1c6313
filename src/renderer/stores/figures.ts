import { defineStore } from 'pinia';
import { shallowReactive, shallowRef } from 'vue';
import type { BuiltFigureAnswer, FigureFile, SavedFigure } from '../../shared/figureCalls.ts';
import type { FigureDraft, FigureInWork } from '../figures/draft.ts';
import { useClient } from './client.ts';
import { useConnectionStore } from './connection.ts';
import { createNewestList } from './newestList.ts';

/** Saved figures, and figures drawn and encoded by the workbench. */
export const useFiguresStore = defineStore('figures', () => {
  const client = useClient();
  const { items: saved, ...list } = createNewestList(() => client.figures.list({}));
  const current = shallowRef<FigureInWork | null>(null);
  /** How often each run changed in what figures show of it: epochs, name, being there. */
  const changes = shallowReactive(new Map<string, number>());
  const changesOf = (runIds: readonly string[]): number =>
    runIds.reduce((sum, runId) => sum + (changes.get(runId) ?? 0), 0);
  const count = (runId: string): void => {
    changes.set(runId, (changes.get(runId) ?? 0) + 1);
  };
  const names = new Map<string, string>();

  useConnectionStore().listen((event) => {
    if (event.type === 'figures' || event.type === 'reset') {
      if (list.state.value !== 'idle') void list.reload();
    } else if (event.type === 'epoch' || event.type === 'purged') count(event.runId);
    else if (event.type === 'run') {
      const { id, name } = event.run;
      // Runs change with every step that they report; figures show their names.
      if (names.has(id) && names.get(id) !== name) count(id);
      names.set(id, name);
    }
  });

  return {
    saved,
    ...list,
    current,
    changesOf,
    /** Loads the list at the first call. */
    ensure: async () => {
      if (list.state.value === 'idle') await list.reload();
    },
    build: (specification: FigureDraft, signal: AbortSignal): Promise<BuiltFigureAnswer> =>
      client.figures.build({ specification }, { signal }),
    exportFile: (
      specification: FigureDraft,
      file: FigureFile,
      stem: string,
      signal: AbortSignal,
    ): Promise<Blob> => client.figures.export({ specification, file, stem }, { signal }),
    save: (id: string | null, name: string, specification: FigureDraft): Promise<SavedFigure> =>
      client.figures.save({ id, name, specification }),
    rename: (id: string, name: string) => client.figures.rename({ id, name }),
    remove: (id: string) => client.figures.remove({ id }),
  };
});
