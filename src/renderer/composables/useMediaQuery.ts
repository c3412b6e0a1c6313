import { onScopeDispose, ref } from 'vue';
import type { Ref } from 'vue';

/** Whether a media query holds now. */
export function useMediaQuery(query: string): Readonly<Ref<boolean>> {
  const list = window.matchMedia(query);
  const matches = ref(list.matches);
  const onChange = (event: MediaQueryListEvent): void => {
    matches.value = event.matches;
  };
  list.addEventListener('change', onChange);
  onScopeDispose(() => {
    list.removeEventListener('change', onChange);
  });
  return matches;
}
