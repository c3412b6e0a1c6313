import { onWatcherCleanup, ref, watch } from 'vue';
import type { Ref } from 'vue';

/** Whether an element has been in view: for what is worth its work only where somebody looks. */
export function useSeen(element: Readonly<Ref<Element | null>>): Readonly<Ref<boolean>> {
  const isSeen = ref(false);
  watch(
    element,
    (shown) => {
      if (shown === null || isSeen.value) return;
      const observer = new IntersectionObserver((entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        isSeen.value = true;
        observer.disconnect();
      });
      observer.observe(shown);
      onWatcherCleanup(() => {
        observer.disconnect();
      });
    },
    { immediate: true, flush: 'post' },
  );
  return isSeen;
}
