import { extentOf } from './arrays.ts';

/**
 * What each version of the arithmetic behind a run's numbers (objective, gradients, metrics) changed.
 * An epoch is stored with the version that computed it; epochs of different versions differ by more
 * than their configurations. A change of any number that training or evaluation stores, beyond the
 * engine's rounding, is a new version.
 */
export const numericsChanges: readonly { version: number; change: string }[] = [
  { version: 1, change: 'the first one' },
  {
    version: 2,
    change:
      'where several pixels of a map share its maximum, R’s gradient is divided evenly among them (before, each took all of it); energy inside and IoU are undefined for an image without a pixel above 0.5 (before, 0), and IoU for an all-zero map (before, 0)',
  },
  {
    version: 3,
    change:
      'dropout masks are drawn by a counter of run seed, epoch, step and element (Philox 4x32-10), the same on every engine, and the order of images no longer depends on how many units are dropped out (before, one generator drew both, one after the other)',
  },
];

/** The version that this code computes by. */
export const numericsVersion = numericsChanges.length;

/** The versions behind some epochs, ascending, each once. */
export const listVersions = (epochs: readonly { numericsVersion: number }[]): number[] =>
  [...new Set(epochs.map((epoch) => epoch.numericsVersion))].sort((a, b) => a - b);

/** What came after version `from` up to `to`, in words. */
export const describeChanges = (from: number, to: number): string =>
  numericsChanges
    .filter(({ version }) => version > from && version <= to)
    .map(({ version, change }) => `version ${version}: ${change}`)
    .join('; ');

/**
 * A sentence for whoever compares numbers of several versions; null where they have one in common.
 *
 * @param versions behind the numbers that are compared
 */
export function warnOfVersions(versions: readonly number[]): string | null {
  const [first, last] = extentOf(versions);
  if (versions.length === 0 || first === last) return null;
  return `These numbers were computed by versions ${[...new Set(versions)].sort((a, b) => a - b).join(' and ')} of the arithmetic and compare only with care. Since then: ${describeChanges(first, last)}.`;
}

/**
 * What changes for a run that goes on with this code; null where nothing does.
 *
 * @param run with the last epoch it has, null before the first
 */
export function describeResumption({
  name,
  last,
}: {
  name: string;
  last: { epoch: number; numericsVersion: number } | null;
}): string | null {
  if (last === null || last.numericsVersion === numericsVersion) return null;
  return `${name} was computed by version ${last.numericsVersion} of the arithmetic up to epoch ${last.epoch}; later epochs are computed by version ${numericsVersion} (${describeChanges(last.numericsVersion, numericsVersion)}). For numbers of one kind, start it anew.`;
}
