import type { Likeness } from './explanation.ts';

/** The likeness to a patch that is the prototype: ln((0 + 1) / (0 + 10⁻⁴)). */
const most = Math.log(1e4);

/** Which prototype of its class it is: `Prototype 2 of 5`. */
export const namePrototype = ({ prototype, prototypes }: Likeness): string =>
  `Prototype ${prototype} of ${prototypes}`;

/** How much of the likeness there can be. */
export const describeSimilarity = ({ similarity }: Likeness): string =>
  `Likeness ${similarity.toFixed(2)} of at most ${most.toFixed(2)}`;

/** Which patch of which training image the prototype is; row and column count from 1. */
export const describePatch = ({ patch, mapSize }: Likeness): string =>
  patch === null
    ? 'No training image yet: prototypes become patches with the first projection'
    : `Training image ${patch.image}, row ${patch.row + 1}, column ${patch.column + 1} of ${mapSize}\u00a0×\u00a0${mapSize}`;

/** Since when it is, and whether steps have moved it from there; empty where it is none yet. */
export function describeProjection({ patch }: Likeness, epoch: number): string {
  if (patch === null) return '';
  return `Projected after epoch ${patch.epoch}${patch.epoch < epoch ? ', moved since' : ''}`;
}

/** All of it in a line. */
export const describeLikeness = (likeness: Likeness, epoch: number): string =>
  [
    namePrototype(likeness),
    describeSimilarity(likeness),
    describePatch(likeness),
    describeProjection(likeness, epoch),
  ]
    .filter((part) => part !== '')
    .join('; ');
