import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { Api } from '../api.ts';
import { useClient } from './client.ts';
import { useConnectionStore } from './connection.ts';

type Refusal = Awaited<ReturnType<Api['client']['history']['access']>>['readOnly'];

/** Whether the history can be written; where it cannot, everything that writes says why. */
export const useAccessStore = defineStore('access', () => {
  const client = useClient();
  const readOnly = shallowRef<Refusal>(null);

  /** What cannot be known now is found out by the call that writes. */
  async function load(): Promise<void> {
    try {
      ({ readOnly: readOnly.value } = await client.history.access({}));
    } catch {
      readOnly.value = null;
    }
  }

  useConnectionStore().listen(({ type }) => {
    if (type === 'reset') void load();
  });

  /** In one sentence; null where everything can be written. */
  const refusal = computed(() =>
    readOnly.value === null ? null : `Only for looking at: ${readOnly.value.message}`,
  );

  return { readOnly, refusal, load };
});
