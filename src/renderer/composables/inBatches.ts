/**
 * Hands on what comes in at most once per interval, all that came since together: at once where
 * nothing did for as long. Of several with the same key the newest counts.
 */
export function inBatches<T>(
  intervalMs: number,
  take: (batch: ReadonlyMap<string, T>) => void,
): { put: (key: string, value: T) => void; drop: (key: string) => void } {
  let waiting = new Map<string, T>();
  let isClosed = false;
  const hand = (): void => {
    isClosed = waiting.size > 0;
    if (!isClosed) return;
    const batch = waiting;
    waiting = new Map();
    setTimeout(hand, intervalMs);
    take(batch);
  };
  return {
    put: (key, value) => {
      waiting.set(key, value);
      if (!isClosed) hand();
    },
    drop: (key) => {
      waiting.delete(key);
    },
  };
}
