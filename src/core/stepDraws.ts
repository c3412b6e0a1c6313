/**
 * Where the random numbers inside a training step come from: each element is named by what it is for, the
 * run's seed, the epoch, the step and its number, and philox.ts makes its bits of that name. So nothing is
 * kept between steps, and every engine draws the same.
 */

/** What a step may draw for; the numbers are part of what runs store, so none is used twice. */
const purposes = { dropout: 1 } as const;

/** Key (two words) and counter (four), as 32-bit words. */
export const positionLength = 6;

export interface StepPlace {
  /** Of the run. */
  seed: number;
  epoch: number;
  /** From 0 in its epoch. */
  step: number;
}

/** The position of a step's first element for a purpose: [seed, purpose, 0, 0, step, epoch]. */
export const positionOf = (
  { seed, epoch, step }: StepPlace,
  purpose: keyof typeof purposes,
): Int32Array => Int32Array.of(seed, purposes[purpose], 0, 0, step, epoch);

/** What keeps a unit with the probability `keep`, in (0, 1): a word, as a signed integer, below this. */
export const keepThreshold = (keep: number): number =>
  Math.min(2 ** 31 - 1, Math.round(keep * 2 ** 32) - 2 ** 31);
