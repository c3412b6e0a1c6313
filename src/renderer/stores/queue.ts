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
  useConnectionStore().listen((event) => {
    if (event.type === 'queue') order.value = event.runIds;
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
    order.value = wanted;
    try {
      order.value = await client.runs.reorder({ runIds: wanted });
    } catch (error) {
      order.value = before;
      throw error;
    }
  }

  return { queued, move };
});
