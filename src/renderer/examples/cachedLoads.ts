import { ByteLru } from './byteLru.ts';
import { SharedLoads } from './sharedLoads.ts';

/** Loads by key whose results are kept, those used last, up to a number of bytes. */
export class CachedLoads<V> {
  readonly #kept: ByteLru<string, V>;
  readonly #loads = new SharedLoads<V>();
  readonly #bytesOf: (value: V) => number;
  #drops = 0;

  constructor(capacityBytes: number, bytesOf: (value: V) => number) {
    this.#kept = new ByteLru(capacityBytes);
    this.#bytesOf = bytesOf;
  }

  peek(key: string): V | undefined {
    return this.#kept.get(key);
  }

  /** What is kept, or the load of it: see `SharedLoads`. */
  async load(
    key: string,
    signal: AbortSignal | null,
    start: (signal: AbortSignal) => Promise<V>,
  ): Promise<V> {
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    return this.#loads.load(key, signal, async (shared) => {
      const drops = this.#drops;
      const value = await start(shared);
      // What was on its way during a drop may be out of date: given out, but not kept.
      if (drops === this.#drops) this.#kept.set(key, value, this.#bytesOf(value));
      return value;
    });
  }

  /** Forgets what is out of date, kept or on its way. */
  drop(condition: (key: string) => boolean): void {
    this.#drops += 1;
    this.#kept.deleteWhere(condition);
    this.#loads.forget(condition);
  }
}
