interface Load<V> {
  promise: Promise<V>;
  controller: AbortController;
  waiting: number;
}

/** Loads under way, shared by all who ask for the same; one that nobody waits for is aborted. */
export class SharedLoads<V> {
  readonly #loads = new Map<string, Load<V>>();

  /** Joins the load of `key`, or starts it. Without a signal the caller waits to the end. */
  load(
    key: string,
    signal: AbortSignal | null,
    start: (signal: AbortSignal) => Promise<V>,
  ): Promise<V> {
    const load = this.#loads.get(key) ?? this.#start(key, start);
    load.waiting += 1;
    signal?.addEventListener('abort', () => {
      load.waiting -= 1;
      if (load.waiting > 0) return;
      load.controller.abort(signal.reason);
      this.#forgetOnly(key, load);
    });
    return load.promise;
  }

  /** Whoever asks from now on gets a load of its own. */
  forget(condition: (key: string) => boolean): void {
    for (const key of [...this.#loads.keys()]) if (condition(key)) this.#loads.delete(key);
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<V>): Load<V> {
    const controller = new AbortController();
    const load: Load<V> = { promise: start(controller.signal), controller, waiting: 0 };
    this.#loads.set(key, load);
    const done = (): void => {
      this.#forgetOnly(key, load);
    };
    load.promise.then(done, done);
    return load;
  }

  #forgetOnly(key: string, load: Load<V>): void {
    if (this.#loads.get(key) === load) this.#loads.delete(key);
  }
}
