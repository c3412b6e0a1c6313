import { onScopeDispose } from 'vue';
import type { Ref } from 'vue';

/** Calls back on a press outside all of the elements. */
export function onClickOutside(
  elements: readonly Readonly<Ref<HTMLElement | null>>[],
  callback: () => void,
): void {
  const onPress = (event: PointerEvent): void => {
    const path = event.composedPath();
    if (!elements.some(({ value }) => value !== null && path.includes(value))) callback();
  };
  document.addEventListener('pointerdown', onPress, true);
  onScopeDispose(() => {
    document.removeEventListener('pointerdown', onPress, true);
  });
}
