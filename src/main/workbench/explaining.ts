import { takeAll } from '../platform/takeAll.ts';
import { DerivedCache } from '../store/cache/derivedCache.ts';
import type { History } from '../store/history.ts';
import { Concepts } from './concepts.ts';
import { Explanations } from './explanations.ts';
import { createExplanationWorkers } from './explanationWorkers.ts';
import type { RunDatasets } from './runDatasets.ts';

/** What explains a data folder's runs, with what it keeps; its threads start when they are needed. */
export interface Explaining {
  derived: DerivedCache;
  explanations: Explanations;
  concepts: Concepts;
  /** Ends its threads, refusing what they have not done. */
  close: () => Promise<void>;
}

export function openExplaining(parts: {
  dataDir: string;
  history: History;
  datasets: RunDatasets;
}): Explaining {
  const { dataDir, history, datasets } = parts;
  const derived = new DerivedCache(dataDir, history.isReadOnly);
  const workers = createExplanationWorkers();
  const shared = { history, datasets, cache: derived, workers };
  return {
    derived,
    explanations: new Explanations(shared),
    concepts: new Concepts(shared),
    close: async () => {
      try {
        const { quick, slow, channels } = workers;
        await takeAll([() => quick.close(), () => slow.close(), () => channels.close()]);
      } finally {
        derived.close();
      }
    },
  };
}
