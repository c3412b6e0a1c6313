import { onScopeDispose, ref } from 'vue';
import type { Ref } from 'vue';

/** The time in ms since the epoch, renewed at an interval. */
export function useNow(intervalMs: number): Readonly<Ref<number>> {
  const now = ref(Date.now());
  const timer = setInterval(() => {
    now.value = Date.now();
  }, intervalMs);
  onScopeDispose(() => {
    clearInterval(timer);
  });
  return now;
}
