import { termNames, type TermName } from './objectives/registry.ts';
import type { RunConfig } from './runConfig.ts';

/** An addend of an objective, before its weight; its mean over a batch is what runs store. */
export const lossTermNames = ['crossEntropy', ...termNames] as const;
export type LossTermName = 'crossEntropy' | TermName;

/** The terms that are added to cross-entropy, in their order. */
export const addedTerms = ({ objective }: Pick<RunConfig, 'objective'>): TermName[] =>
  (Object.keys(objective) as TermName[]).filter((name) => objective[name] !== undefined);

/** All addends, in the order in which batches report them. */
export const lossTermsOf = (config: Pick<RunConfig, 'objective'>): LossTermName[] => [
  'crossEntropy',
  ...addedTerms(config),
];

/** How runs of an objective are called. */
export type Paradigm = string;

/** The paper's names: C is cross-entropy alone, R adds the contrastive term. Others have their terms. */
export function paradigmOf(config: Pick<RunConfig, 'objective'>): Paradigm {
  const terms = addedTerms(config).join('+');
  return terms === '' ? 'C' : terms === 'contrastive' ? 'R' : terms;
}

/** Terms are of the target layer's map and of what it is pulled to, which are parts of what they measure. */
function identify({ objective, cam }: RunConfig): string {
  const { targetLayer, target, mask, maskThreshold } = cam;
  const measured = [objective, targetLayer, target, mask, maskThreshold];
  return JSON.stringify(addedTerms({ objective }).length === 0 ? [] : measured);
}

/** Whether all minimise the same quantity, so that their losses can be compared. */
export const haveOneObjective = (configs: readonly RunConfig[]): boolean =>
  new Set(configs.map(identify)).size < 2;
