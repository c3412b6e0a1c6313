import { onScopeDispose } from 'vue';

export const isMac = /mac/i.test(navigator.userAgent);

/** How a shortcut such as `mod+k` is written for this machine: "Ctrl K" or "⌘K". */
export const describeShortcut = (shortcut: string): string =>
  shortcut
    .replace('mod+', isMac ? '⌘' : 'Ctrl ')
    .replace(/(?<![\w+])\w$/, (key) => key.toUpperCase());

/** Whether keys typed now are text for the element. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) {
    return !['checkbox', 'radio', 'range', 'button'].includes(target.type);
  }
  return target.isContentEditable || target.matches('textarea, select');
}

/**
 * Calls back on `mod+KEY` anywhere in the window; `mod` is Ctrl, or Command on a Mac. A callback that
 * returns false did not use the key.
 */
export function useShortcut(
  shortcut: `mod+${string}`,
  callback: (event: KeyboardEvent) => unknown,
): void {
  const wanted = shortcut.slice('mod+'.length);
  const onKey = (event: KeyboardEvent): void => {
    const mod = isMac ? event.metaKey : event.ctrlKey;
    if (!mod || event.altKey || event.shiftKey || event.key.toLowerCase() !== wanted) return;
    if (callback(event) !== false) event.preventDefault();
  };
  window.addEventListener('keydown', onKey);
  onScopeDispose(() => {
    window.removeEventListener('keydown', onKey);
  });
}
