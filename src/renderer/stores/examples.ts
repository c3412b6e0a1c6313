import { defineStore } from 'pinia';
import { ref, shallowReactive, shallowRef } from 'vue';
import type { Api } from '../api.ts';
import type { WorkbenchEvent } from '../../shared/events.ts';
import { CachedLoads } from '../examples/cachedLoads.ts';
import { readEpochColumns } from '../examples/epochColumns.ts';
import type { EpochColumns } from '../examples/epochColumns.ts';
import { readClassMaps, readExampleHistory } from '../examples/exampleHistory.ts';
import type { ExampleHistory } from '../examples/exampleHistory.ts';
import { TensorReader } from '../examples/tensorFile.ts';
import { useClient } from './client.ts';
import { useConnectionStore } from './connection.ts';

const megabyte = 2 ** 20;
const epochsCapacity = 160 * megabyte;
const historiesCapacity = 32 * megabyte;

const keyOf = (runId: string, index: number): string => `${runId}/${index}`;
const belongsTo = (runId: string) => (key: string) => key.startsWith(`${runId}/`);

/** All epochs of single images, as they are stored and with the maps of every class. */
function createHistories(client: Api['client']) {
  const histories = new CachedLoads<ExampleHistory>(historiesCapacity, ({ bytes }) => bytes);
  /** Histories with the maps of every class. */
  const explained = new CachedLoads<ExampleHistory>(
    historiesCapacity,
    ({ bytes, classMaps }) => bytes + (classMaps?.[0]?.levels.buffer.byteLength ?? 0),
  );
  const dropHistories = (condition: (key: string) => boolean): void => {
    histories.drop(condition);
    explained.drop(condition);
  };

  const loadHistory = (
    runId: string,
    exampleId: number,
    signal: AbortSignal | null = null,
  ): Promise<ExampleHistory> =>
    histories.load(keyOf(runId, exampleId), signal, async (shared) => {
      const file = await client.examples.history({ runId, exampleId }, { signal: shared });
      const name = `The history of example ${exampleId}`;
      return readExampleHistory(await TensorReader.fromBlob(file, name), runId, exampleId);
    });

  /** The history with the maps of every class, which take a second or so to compute. */
  const loadExplained = (
    runId: string,
    exampleId: number,
    signal: AbortSignal | null = null,
  ): Promise<ExampleHistory> =>
    explained.load(keyOf(runId, exampleId), signal, async (shared) => {
      const [history, file] = await Promise.all([
        loadHistory(runId, exampleId, shared),
        client.examples.classMaps({ runId, exampleId }, { signal: shared }),
      ]);
      const name = `The maps of example ${exampleId}`;
      return { ...history, classMaps: readClassMaps(await TensorReader.fromBlob(file, name)) };
    });

  return {
    dropHistories,
    loadHistory,
    loadExplained,
    peekHistory: (runId: string, exampleId: number) => histories.peek(keyOf(runId, exampleId)),
    peekExplained: (runId: string, exampleId: number) => explained.peek(keyOf(runId, exampleId)),
  };
}

/**
 * What the runs said of their test images: one epoch of all of them, or all epochs of one. What was
 * used last is kept, so that going back costs nothing.
 */
export const useExamplesStore = defineStore('examples', () => {
  const client = useClient();
  const epochs = new CachedLoads<EpochColumns>(epochsCapacity, ({ bytes }) => bytes);
  const { dropHistories, ...histories } = createHistories(client);
  /** How many epoch events each run had: what shows a history asks for it again when it counts up. */
  const epochEvents = shallowReactive(new Map<string, number>());
  const epochEventsOf = (runId: string): number => epochEvents.get(runId) ?? 0;
  /** How often all histories were forgotten, because images may have come or anything changed. */
  const forgotten = ref(0);
  /** The example that was opened last: where a gallery begins when one comes back to it. */
  const lastOpened = ref<number | null>(null);
  /** The example that one comes back from, to a list of this run's; whoever shows the list takes it. */
  const returning = shallowRef<{ runId: string; exampleId: number } | null>(null);

  const loadEpoch = (
    runId: string,
    epoch: number,
    signal: AbortSignal | null = null,
  ): Promise<EpochColumns> =>
    epochs.load(keyOf(runId, epoch), signal, async (shared) => {
      const file = await client.examples.epoch({ runId, epoch }, { signal: shared });
      return readEpochColumns(await TensorReader.fromBlob(file, `Epoch ${epoch}`), epoch);
    });

  /** Loads what is likely to be wanted next; failing, it stays unloaded. */
  function prefetch(loads: readonly Promise<unknown>[]): void {
    for (const load of loads) load.catch(() => undefined);
  }

  function applyEvent(event: WorkbenchEvent): void {
    if (event.type === 'epoch') {
      const { runId, metrics } = event;
      const changed = keyOf(runId, metrics.epoch);
      epochs.drop((key) => key === changed);
      dropHistories(belongsTo(runId));
      epochEvents.set(runId, epochEventsOf(runId) + 1);
    } else if (event.type === 'purged') {
      epochs.drop(belongsTo(event.runId));
      dropHistories(belongsTo(event.runId));
    } else if (event.type === 'reset' || event.type === 'datasets') {
      // Their classes may be called otherwise.
      epochs.drop(() => true);
      dropHistories(() => true);
      forgotten.value += 1;
    }
  }
  useConnectionStore().listen(applyEvent);

  return {
    lastOpened,
    returning,
    forgotten,
    epochEventsOf,
    loadEpoch,
    ...histories,
    peekEpoch: (runId: string, epoch: number) => epochs.peek(keyOf(runId, epoch)),
    prefetchEpochs: (runId: string, wanted: readonly number[]) => {
      prefetch(wanted.map((epoch) => loadEpoch(runId, epoch)));
    },
    prefetchHistories: (runId: string, wanted: readonly number[]) => {
      prefetch(wanted.map((exampleId) => histories.loadHistory(runId, exampleId)));
    },
    applyEvent,
  };
});
