import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import type { Ref, ShallowRef, WritableComputedRef } from 'vue';

/**
 * A parameter of the URL that changes with every frame of a drag: the value follows at once, the URL
 * when it has come to rest (browsers refuse more than some 20 changes of the address a second).
 */
export function useSettledParam<T>(param: Ref<T>, settleMs = 150): WritableComputedRef<T> {
  const value = shallowRef(param.value) as ShallowRef<T>;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  // Back, forward or a link: what was about to be written is out of date.
  watch(
    param,
    (changed) => {
      stop();
      value.value = changed;
    },
    { flush: 'sync' },
  );
  onScopeDispose(stop, true);
  return computed<T>({
    get: () => value.value,
    set: (next) => {
      stop();
      value.value = next;
      timer = setTimeout(() => {
        param.value = next;
      }, settleMs);
    },
  });
}
