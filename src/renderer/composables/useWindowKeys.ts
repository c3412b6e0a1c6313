import { onMounted, onScopeDispose } from 'vue';

/** Elements that need the keys themselves. */
const typing =
  'input, select, textarea, [contenteditable], [role="listbox"], dialog, [role="dialog"]';
const pressed = 'button, a[href], summary';

/**
 * Keys that work wherever the focus is, unless it is where keys have a meaning of their own. A
 * handler that returns false did not use the key.
 */
export function useWindowKeys(handlers: Partial<Record<string, () => unknown>>): void {
  const handle = (event: KeyboardEvent): void => {
    const handler = handlers[event.key];
    if (handler === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.defaultPrevented || isTaken(event)) return;
    if (handler() !== false) event.preventDefault();
  };
  onMounted(() => {
    window.addEventListener('keydown', handle);
  });
  onScopeDispose(() => {
    window.removeEventListener('keydown', handle);
  });
}

function isTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  const presses = key === ' ' || key === 'Enter';
  return target.closest(typing) !== null || (presses && target.closest(pressed) !== null);
}
