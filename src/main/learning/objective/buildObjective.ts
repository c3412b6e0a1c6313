import { addedTerms, ownTermsOf } from '../../../core/config/objectives.ts';
import type { TermName } from '../../../core/config/objectives/registry.ts';
import type { RunConfig } from '../../../core/config/runConfig.ts';
import type { Ops } from '../engine/ops.ts';
import { contrastiveTerm } from './contrastiveCam.ts';
import { crossEntropyObjective } from './crossEntropy.ts';
import { compareEnergy } from './energyCam.ts';
import { compareAbsolutely, comparedMapTerm, compareSquared } from './mapDistances.ts';
import { needsForMasks, pullTo } from './masks.ts';
import { withModelTerms } from './modelTerms.ts';
import { given, type ExtraInput, type Objective, type Term, type TermConfig } from './objective.ts';
import { pairingRules } from './pairing.ts';
import { compareWithinBatch, compareWithPrototype } from './prototypeCam.ts';
import { rightReasonsTerm } from './rightReasons.ts';
import { compareStructure } from './ssimCam.ts';
import { supervisedContrastiveTerm } from './supervisedContrastive.ts';
import { tripletTerm } from './tripletCam.ts';
import { compareVariationally } from './variationalCam.ts';
import { weightedTermsObjective, type WeightedTerm } from './weightedTerms.ts';

/** What terms are built from: the engine's operations, and what the run says of maps. */
type Parts = RunConfig['cam'] & { ops: Ops };

/** What computes a term, and what it needs of each image besides it and its label. */
export interface TermBuilder<Settings> {
  needs?: (cam: RunConfig['cam']) => readonly ExtraInput[];
  build: (parts: Parts, settings: Settings) => Term;
}

/** A term that pulls maps to what the run wants them pulled to. */
const pulling = <Settings>(
  build: TermBuilder<Settings>['build'],
): Required<TermBuilder<Settings>> => ({
  needs: ({ target, ...rule }) => (target === 'mask' ? needsForMasks(rule) : []),
  build: (parts, settings) => pullTo(parts, build(parts, settings)),
});

/** One for each descriptor. */
export const termBuilders: { [Name in TermName]: TermBuilder<TermConfig<Name>> } = {
  contrastive: pulling(({ ops, gradient }, settings) =>
    contrastiveTerm(ops, { ...settings, gradient }, pairingRules[settings.pairing]),
  ),
  triplet: pulling(({ ops, gradient }, settings) => tripletTerm(ops, { ...settings, gradient })),
  variational: pulling((parts, settings) => comparedMapTerm(parts, compareVariationally(settings))),
  ssim: pulling((parts) => comparedMapTerm(parts, compareStructure)),
  l1: pulling((parts) => comparedMapTerm(parts, compareAbsolutely)),
  l2: pulling((parts) => comparedMapTerm(parts, compareSquared)),
  energy: {
    needs: needsForMasks,
    build: (parts) => comparedMapTerm(parts, compareEnergy(parts)),
  },
  prototype: {
    needs: () => ['classMeans'],
    build: (parts, { distanceReduction }) =>
      comparedMapTerm(parts, compareWithPrototype(distanceReduction)),
  },
  batchCam: {
    build: (parts, { distanceReduction }) =>
      comparedMapTerm(parts, compareWithinBatch(distanceReduction)),
  },
  rightReasons: { needs: needsForMasks, build: (parts) => rightReasonsTerm(parts) },
  supcon: { build: (_, settings) => supervisedContrastiveTerm(settings) },
};

type Builders = Readonly<Record<string, TermBuilder<never>>>;

/**
 * The objective of a configuration, with the terms that its model brings.
 *
 * @param builders what computes each term that it may have; those of the application unless told
 */
export function buildObjective(
  ops: Ops,
  { objective, cam, model }: Pick<RunConfig, 'objective' | 'cam' | 'model'>,
  builders: Builders = termBuilders,
): Objective {
  const terms = addedTerms({ objective }).map((name): WeightedTerm => {
    const { needs, build } = given(builders[name], `way to compute ${name}`);
    const settings = given(objective[name], name);
    const compute = build({ ops, ...cam }, settings as never);
    return { name, weight: settings.weight, needs: needs?.(cam) ?? [], compute };
  });
  const own = terms.length === 0 ? crossEntropyObjective : weightedTermsObjective(terms);
  return withModelTerms(own, ownTermsOf({ model }));
}
