/**
 * Bytes that come piece by piece, taken as many at a time as something announced: what unpacks to more
 * than that is never held, nor unpacked any further.
 */
export class ByteStream {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** The next `length` bytes, or fewer where the stream ends before. */
  async take(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length && !(await this.isAtEnd())) {
      const part = this.#rest.subarray(0, length - filled);
      bytes.set(part, filled);
      filled += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
    return bytes.subarray(0, filled);
  }

  /**
   * All that is left, which was announced to be `length` bytes: those, and whether that is what there is.
   * Of what goes on beyond them nothing is read.
   */
  async takeRest(length: number): Promise<{ bytes: Uint8Array; fit: 'whole' | 'short' | 'long' }> {
    const bytes = await this.take(length);
    if (bytes.length < length) return { bytes, fit: 'short' };
    return { bytes, fit: (await this.isAtEnd()) ? 'whole' : 'long' };
  }

  /** Whether nothing follows what has been taken. */
  async isAtEnd(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const next = await this.#pieces.next();
      if (next.done === true) return true;
      this.#rest = next.value;
    }
    return false;
  }

  /** Gives up what has not been taken. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}
