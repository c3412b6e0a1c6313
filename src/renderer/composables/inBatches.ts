export interface Batches<T> {
  putAll: (entries: Iterable<readonly [key: string, value: T]>) => void;
  put: (key: string, value: T) => void;
  drop: (key: string) => void;
  /** Hands on now what waits. */
  flush: () => void;
}

/**
 * Hands on what comes in at most once per interval, all that came since together: at once where
 * nothing did for as long. Of several with the same key the newest counts.
 */
export function inBatches<T>(
  intervalMs: number,
  take: (batch: ReadonlyMap<string, T>) => void,
): Batches<T> {
  let waiting = new Map<string, T>();
  let isClosed = false;
  const flush = (): void => {
    const batch = waiting;
    waiting = new Map();
    if (batch.size > 0) take(batch);
  };
  const hand = (): void => {
    isClosed = waiting.size > 0;
    if (!isClosed) return;
    setTimeout(hand, intervalMs);
    flush();
  };
  const putAll: Batches<T>['putAll'] = (entries) => {
    for (const [key, value] of entries) waiting.set(key, value);
    if (!isClosed) hand();
  };
  return {
    putAll,
    put: (key, value) => {
      putAll([[key, value]]);
    },
    drop: (key) => {
      waiting.delete(key);
    },
    flush,
  };
}
