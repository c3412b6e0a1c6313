import { onScopeDispose, ref, watch } from 'vue';
import type { Ref } from 'vue';

/** The content box of an element in CSS pixels, 0 until it is laid out. */
export function useElementSize(element: Readonly<Ref<Element | null>>): {
  width: Readonly<Ref<number>>;
  height: Readonly<Ref<number>>;
} {
  const width = ref(0);
  const height = ref(0);
  let request = 0;
  const observer = new ResizeObserver(([entry]) => {
    if (entry === undefined) return;
    const { contentRect } = entry;
    const keep = (): void => {
      width.value = contentRect.width;
      height.value = contentRect.height;
    };
    cancelAnimationFrame(request);
    // Later sizes wait for the next frame: what changes the layout from within the observer makes it
    // complain of a loop.
    if (width.value === 0) keep();
    else request = requestAnimationFrame(keep);
  });
  watch(
    element,
    (now, before) => {
      if (before != null) observer.unobserve(before);
      if (now !== null) observer.observe(now);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    observer.disconnect();
    cancelAnimationFrame(request);
  });
  return { width, height };
}
