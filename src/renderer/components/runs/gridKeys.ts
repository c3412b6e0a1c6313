/**
 * The row that a key leads to from `index`, among `count` rows of which `page` fill the view; null
 * where the key does not move.
 */
export function moveByKey(
  { key, ctrlKey, metaKey, altKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>,
  index: number,
  count: number,
  page: number,
): number | null {
  if (ctrlKey || metaKey || altKey || count === 0) return null;
  const target: Record<string, number> = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    PageDown: index + page,
    PageUp: index - page,
    Home: 0,
    End: count - 1,
  };
  const to = target[key];
  return to === undefined ? null : Math.max(0, Math.min(count - 1, to));
}
