import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { useClient } from './client.ts';
import { useConnectionStore } from './connection.ts';
import { useRunsStore } from './runs.ts';
import { moveItem, orderQueue } from './queueOrder.ts';

/** The runs that wait for a trainer, in the order in which they will start. */
export const useQueueStore = defineStore('queue', () => {
  const client = useClient();
  const runsStore = useRunsStore();

  const order = ref<readonly string[]>([]);
  /** Counts what was heard: an answer that was asked for before is older. */
  let heard = 0;

  /** Asks for the order; where that fails, runs stand as they were made, until an event tells. */
  async function load(): Promise<void> {
    const before = heard;
    const told = await client.runs.queue({}).catch(() => null);
    if (told !== null && heard === before) order.value = told;
  }

  useConnectionStore().listen((event) => {
    if (event.type === 'queue') {
      heard += 1;
      order.value = event.runIds;
    } else if (event.type === 'reset') void load();
  });

  const queued = computed(() =>
    orderQueue(
      runsStore.runs.filter(({ status }) => status === 'queued'),
      order.value,
    ),
  );

  /** Moves a run to a place (0 is next); the list shows it at once, and again as it was on failure. */
  async function move(runId: string, place: number): Promise<void> {
    const before = queued.value.map(({ id }) => id);
    const wanted = moveItem(before, runId, place);
    heard += 1;
    order.value = wanted;
    try {
      order.value = await client.runs.reorder({ runIds: wanted });
    } catch (error) {
      order.value = before;
      throw error;
    }
  }

  return { queued, load, move };
});
