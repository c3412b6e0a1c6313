import { ref, shallowRef } from 'vue';
import { toUserError } from '../composables/userError.ts';
import type { UserError } from '../composables/userError.ts';

/** A list that is loaded as a whole, of which only the newest answer counts. */
export function createNewestList<T>(load: () => Promise<T[]>) {
  const items = shallowRef<readonly T[]>([]);
  const state = ref<'idle' | 'loading' | 'ready' | 'failed'>('idle');
  const error = shallowRef<UserError | null>(null);
  let loads = 0;

  async function reload(): Promise<void> {
    const mine = (loads += 1);
    if (state.value !== 'ready') state.value = 'loading';
    try {
      const listed = await load();
      if (mine !== loads) return;
      items.value = listed;
      error.value = null;
      state.value = 'ready';
    } catch (caught) {
      if (mine !== loads) return;
      error.value = toUserError(caught);
      state.value = 'failed';
    }
  }

  return { items, state, error, reload };
}
