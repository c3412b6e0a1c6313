/**
 * Runs of one configuration and seed are one measurement, however often it was made: a mean over seeds
 * that counted each of them would state an interval that nothing supports.
 */

/** Of runs of one configuration, those that share a seed: a list for each such seed. */
export const listRepeats = <Run extends { seed: number }>(runs: readonly Run[]): Run[][] =>
  [...Map.groupBy(runs, ({ seed }) => seed).values()].filter(({ length }) => length > 1);

/** Whether runs computed the same: losses by epoch, which agree to the bit only where all else does. */
export const haveSameLosses = (losses: readonly (readonly number[])[]): boolean =>
  losses.every((own) => own.join() === losses[0]?.join());
