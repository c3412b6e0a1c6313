import type { Model } from '../models/model.ts';
import { models, modelTerms, type ModelTermName } from '../models/registry.ts';
import { termNames, type TermName } from './objectives/registry.ts';
import type { RunConfig } from './runConfig.ts';

/** An addend of an objective, before its weight; its mean over a batch is what runs store. */
export const lossTermNames = [
  ...(['crossEntropy', ...termNames] as const),
  ...modelTerms.map(({ name }) => name),
] as const;
export type LossTermName = 'crossEntropy' | TermName | ModelTermName;

/** The terms that are added to cross-entropy, in their order. */
export const addedTerms = ({ objective }: Pick<RunConfig, 'objective'>): TermName[] =>
  (Object.keys(objective) as TermName[]).filter((name) => objective[name] !== undefined);

/** The terms that a run's model brings itself, with their weights as addends. */
export function ownTermsOf({
  model: { name, ...settings },
}: Pick<RunConfig, 'model'>): { name: ModelTermName; weight: number }[] {
  const { terms = [] } =
    (models as unknown as readonly Model[]).find((model) => model.name === name) ?? {};
  const values: Readonly<Record<string, unknown>> = settings;
  return terms.map((term) => ({
    name: term.name as ModelTermName,
    weight: term.weight.sign * Number(values[term.weight.field]),
  }));
}

/** How runs of an objective are called. */
export type Paradigm = string;

/** The paper's names: C is cross-entropy alone, R adds the contrastive term. Others have their terms. */
export function paradigmOf(config: Pick<RunConfig, 'objective'>): Paradigm {
  const terms = addedTerms(config).join('+');
  return terms === '' ? 'C' : terms === 'contrastive' ? 'R' : terms;
}

/** Terms are of the target layer's map and of what it is pulled to, which are parts of what they measure. */
function identify({ objective, cam, model }: RunConfig): string {
  const { targetLayer, target, mask, maskThreshold } = cam;
  const measured = [objective, targetLayer, target, mask, maskThreshold];
  return JSON.stringify([
    ownTermsOf({ model }),
    addedTerms({ objective }).length === 0 ? [] : measured,
  ]);
}

/** Whether all minimise the same quantity, so that their losses can be compared. */
export const haveOneObjective = (configs: readonly RunConfig[]): boolean =>
  new Set(configs.map(identify)).size < 2;
