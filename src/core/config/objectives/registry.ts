import { batchCam } from './batchCam.ts';
import { contrastive } from './contrastive.ts';
import { energy } from './energy.ts';
import { l1 } from './l1.ts';
import { l2 } from './l2.ts';
import { prototype } from './prototype.ts';
import { rightReasons } from './rightReasons.ts';
import { ssim } from './ssim.ts';
import { supcon } from './supcon.ts';
import { triplet } from './triplet.ts';
import { variational } from './variational.ts';

/** Terms that can be added to cross-entropy, in the order in which objectives hold them. */
export const objectiveTerms = [
  contrastive,
  triplet,
  variational,
  ssim,
  l1,
  l2,
  energy,
  prototype,
  batchCam,
  rightReasons,
  supcon,
] as const;
export type TermName = (typeof objectiveTerms)[number]['name'];
export const termNames: readonly TermName[] = objectiveTerms.map(({ name }) => name);
