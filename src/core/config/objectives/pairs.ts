import type { RunConfig } from '../runConfig.ts';
import type { TermName } from './registry.ts';

/** Whether a batch whose images have these labels, in their order, lacks pairs that a term learns from. */
export type LacksPairs = (labels: readonly number[]) => boolean;

const areAllOfOneClass: LacksPairs = (labels) => new Set(labels).size < 2;
const areAllOfOtherClasses: LacksPairs = (labels) => new Set(labels).size === labels.length;

/** As `inBatch` pairs each image with the next, the last with the first. */
const lacksNeighbours: LacksPairs = (labels) => {
  const alike = labels.filter((label, i) => label === labels[(i + 1) % labels.length]).length;
  return alike === 0 || alike === labels.length;
};

/** What a term that compares the images of a batch asks of it. */
export interface PairRule {
  lacks: LacksPairs;
  /** Of fewer images, every batch lacks them. */
  leastBatch: number;
}

type Objective = RunConfig['objective'];
type Rules = {
  [Name in TermName]?: (settings: NonNullable<Objective[Name]>) => PairRule | null;
};

/** Of the terms that compare an image with others of its batch, and need some alike or some that differ. */
const rules: Rules = {
  contrastive: ({ pairing }) =>
    pairing === 'inBatch' ? { lacks: lacksNeighbours, leastBatch: 2 } : null,
  triplet: () => ({ lacks: areAllOfOneClass, leastBatch: 2 }),
  supcon: () => ({
    lacks: (labels) => areAllOfOneClass(labels) || areAllOfOtherClasses(labels),
    leastBatch: 3,
  }),
};

/** The terms of an objective that compare the images of a batch. */
export const listPairTerms = (objective: Objective): ({ name: TermName } & PairRule)[] =>
  (Object.keys(rules) as TermName[]).flatMap((name) => {
    const settings = objective[name];
    const rule = settings === undefined ? null : rules[name]?.(settings as never);
    return rule == null ? [] : [{ name, ...rule }];
  });
