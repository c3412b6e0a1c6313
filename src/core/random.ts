import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { skipN } from 'pure-rand/utils/skipN';

/** The first draws after seeding hardly depend on a small seed, so they are passed over. */
const warmUpDraws = 64;

/**
 * A seeded generator (xoroshiro128+) with the draws that this project needs. Pass it explicitly;
 * its state can be saved and restored at any point, and the draws after that are the same.
 */
export class Random {
  readonly #generator: RandomGenerator;

  private constructor(generator: RandomGenerator) {
    this.#generator = generator;
  }

  static fromSeed(seed: number): Random {
    const generator = xoroshiro128plus(seed);
    skipN(generator, warmUpDraws);
    return new Random(generator);
  }

  static fromState(state: readonly number[]): Random {
    return new Random(xoroshiro128plusFromState(state));
  }

  /** Another generator at the same point: what this one will draw, it draws too. */
  clone(): Random {
    return Random.fromState(this.state);
  }

  get state(): readonly number[] {
    return this.#generator.getState();
  }

  /** Uniform in [low, high). */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * uniformFloat64(this.#generator);
  }

  /** Normal with mean 0, by the method of Box and Muller from two uniform draws. */
  normal(deviation: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return deviation * radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Fills `target` with `value` with the given probability and with 0 otherwise. */
  fillBernoulli(target: Float32Array, probability: number, value: number): void {
    const threshold = probability * 2 ** 32;
    for (let i = 0; i < target.length; i += 1) {
      target[i] = this.#generator.next() >>> 0 < threshold ? value : 0;
    }
  }

  /**
   * Fills `target` with whole numbers from 0 to `length` - 1. Their probabilities are equal but for
   * less than one part in 2^32 / length.
   */
  fillIndices(target: Uint32Array, length: number): void {
    for (let i = 0; i < target.length; i += 1) {
      target[i] = ((this.#generator.next() >>> 0) * length) / 2 ** 32;
    }
  }

  /** Shuffles in place, every order equally likely (Fisher and Yates). */
  shuffle<T extends Uint32Array | number[]>(items: T): T {
    for (let last = items.length - 1; last > 0; last -= 1) {
      const other = uniformInt(this.#generator, 0, last);
      const swapped = items[last] ?? 0;
      items[last] = items[other] ?? 0;
      items[other] = swapped;
    }
    return items;
  }
}
