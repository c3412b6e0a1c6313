/** How slowly a reader may take what it is sent. */
export interface Patience {
  /** For a message of any length, ms. */
  leastMs: number;
  /** Beyond that a message may take as long as at this rate, bytes per second. */
  leastRate: number;
}

/** Less than any connection on which the workbench could be used. */
const defaultPatience: Patience = { leastMs: 60_000, leastRate: 2 ** 16 };

/** With so much on its way a connection is behind, bytes. */
const mostBytes = 2 ** 23;

/** What is on its way to a reader that takes it in order, and whether it takes it at all. */
export class Outbox {
  readonly #transmit: (message: string | Uint8Array, taken: () => void) => void;
  readonly #onStall: (bytes: number) => void;
  readonly #patience: Patience;
  /** Lengths of what is not taken yet, bytes, oldest first. */
  readonly #lengths: number[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param onStall called once, with how much is left, when the reader takes too long */
  constructor(
    transmit: (message: string | Uint8Array, taken: () => void) => void,
    onStall: (bytes: number) => void,
    patience = defaultPatience,
  ) {
    this.#transmit = transmit;
    this.#onStall = onStall;
    this.#patience = patience;
  }

  /** On its way, bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  get isBehind(): boolean {
    return this.#bytes >= mostBytes;
  }

  /** Settles when the message is taken, or never will be. */
  send(message: string | Uint8Array): Promise<void> {
    const length = Buffer.byteLength(message);
    this.#lengths.push(length);
    this.#bytes += length;
    if (this.#lengths.length === 1) this.#wait();
    return new Promise((resolve) => {
      this.#transmit(message, () => {
        this.#lengths.shift();
        this.#bytes -= length;
        this.#wait();
        resolve();
      });
    });
  }

  /** Stops waiting. */
  close(): void {
    clearTimeout(this.#timer);
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const [oldest] = this.#lengths;
    if (oldest === undefined) return;
    const { leastMs, leastRate } = this.#patience;
    this.#timer = setTimeout(
      () => {
        this.#onStall(this.#bytes);
      },
      leastMs + (1000 * oldest) / leastRate,
    ).unref();
  }
}
