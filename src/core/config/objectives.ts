import type { Paradigm, RunConfig, RunConfigKey } from './runConfig.ts';

/** An addend of an objective, before its weight; its mean over a batch is what runs store. */
export const lossTermNames = ['crossEntropy', 'contrastive'] as const;
export type LossTermName = (typeof lossTermNames)[number];

/** What a paradigm minimises, for all who name, store or compare it without computing it. */
export interface ObjectiveDescriptor {
  /** In the order in which batches report them. */
  terms: readonly LossTermName[];
  /** Settings that its value depends on, besides weights and images. */
  settings: readonly RunConfigKey[];
}

/** A new paradigm is an entry here and one in `buildObjective.ts`. */
export const objectives: Readonly<Record<Paradigm, ObjectiveDescriptor>> = {
  C: { terms: ['crossEntropy'], settings: [] },
  R: {
    terms: ['crossEntropy', 'contrastive'],
    settings: ['camWeight', 'distanceReduction', 'pairing', 'margin', 'targetLayer'],
  },
};

const identify = (config: RunConfig): string =>
  JSON.stringify([
    config.paradigm,
    ...objectives[config.paradigm].settings.map((key) => config[key]),
  ]);

/** Whether all minimise the same quantity, so that their losses can be compared. */
export const haveOneObjective = (configs: readonly RunConfig[]): boolean =>
  new Set(configs.map(identify)).size < 2;
