import type { DecodedImage } from './imageDecoding.ts';

/**
 * Brings images of 16 bits to 8: which value is white is known once all of a set have been seen, since
 * microscopes and scanners write 10 or 12 bits into 16.
 */
export class GreyWindow {
  readonly #waiting: { values: Uint16Array; target: Uint8Array }[] = [];
  #largest = 0;
  /** Of every file so far; null once one says nothing. */
  #significantBits: number | null = 0;

  /** Writes an image's levels into `target`, at once or at the end. */
  take({ levels, significantBits }: DecodedImage, target: Uint8Array): void {
    if (levels instanceof Uint8Array) {
      target.set(levels);
      return;
    }
    this.#waiting.push({ values: levels, target });
    for (const value of levels) this.#largest = Math.max(this.#largest, value);
    this.#significantBits =
      significantBits === null || this.#significantBits === null
        ? null
        : Math.max(this.#significantBits, significantBits);
  }

  /**
   * How many bits the values have: as many as the files say, unless values pass that, since they were
   * then scaled to all 16 as the format asks; else as many as the largest value needs.
   */
  #findBits(): number {
    const needed = Math.max(1, Math.ceil(Math.log2(this.#largest + 1)));
    if (this.#significantBits === null) return needed;
    return needed > this.#significantBits ? 16 : this.#significantBits;
  }

  /** Writes what waited. @returns what was decided, for people; null where there was nothing */
  finish(): string | null {
    if (this.#waiting.length === 0) return null;
    const bits = this.#findBits();
    const white = 2 ** bits - 1;
    for (const { values, target } of this.#waiting) {
      values.forEach((value, p) => (target[p] = Math.round((value / white) * 255)));
    }
    const basis = this.#significantBits === null ? 'by their largest value' : 'as the files say';
    return `${this.#waiting.length} images of 16 bits have ${bits} in use, ${basis}: 0 to ${white} became 0 to 255`;
  }
}
