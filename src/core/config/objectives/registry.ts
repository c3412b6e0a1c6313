import { contrastive } from './contrastive.ts';
import { triplet } from './triplet.ts';

/** Terms that can be added to cross-entropy, in the order in which objectives hold them. */
export const objectiveTerms = [contrastive, triplet] as const;
export type TermName = (typeof objectiveTerms)[number]['name'];
export const termNames: readonly TermName[] = objectiveTerms.map(({ name }) => name);
