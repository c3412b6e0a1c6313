import { onScopeDispose, ref, shallowRef } from 'vue';
import type { Ref, ShallowRef } from 'vue';
import { toUserError } from './userError.ts';
import type { UserError } from './userError.ts';

export interface Latest<Arguments extends unknown[], T> {
  /** The newest finished load's value; what was there stays while the next is on its way. */
  value: Readonly<ShallowRef<T | undefined>>;
  error: Readonly<ShallowRef<UserError | null>>;
  pending: Readonly<Ref<boolean>>;
  /** Starts a load and drops every earlier one, its signal aborted. */
  load: (...values: Arguments) => Promise<void>;
  /** Drops what is on its way; what is there stays. */
  cancel: () => void;
  /** Drops what is there as well. */
  clear: () => void;
}

/** Loads of which only the newest counts: a superseded answer or failure is never shown. */
export function useLatest<Arguments extends unknown[], T>(
  loader: (signal: AbortSignal, ...values: Arguments) => Promise<T>,
): Latest<Arguments, T> {
  const value = shallowRef<T>();
  const error = shallowRef<UserError | null>(null);
  const pending = ref(false);
  let current = new AbortController();

  function cancel(): void {
    current.abort();
    pending.value = false;
  }

  function clear(): void {
    cancel();
    value.value = undefined;
    error.value = null;
  }

  async function load(...values: Arguments): Promise<void> {
    current.abort();
    const mine = (current = new AbortController());
    pending.value = true;
    try {
      const loaded = await loader(mine.signal, ...values);
      if (mine !== current || mine.signal.aborted) return;
      value.value = loaded;
      error.value = null;
    } catch (caught) {
      if (mine !== current || mine.signal.aborted) return;
      error.value = toUserError(caught);
    }
    pending.value = false;
  }

  onScopeDispose(cancel, true);
  return { value, error, pending, load, cancel, clear };
}
