import { addedTerms } from '../../../core/config/objectives.ts';
import type { TermName } from '../../../core/config/objectives/registry.ts';
import type { RunConfig } from '../../../core/config/runConfig.ts';
import type { Ops } from '../engine/ops.ts';
import { contrastiveTerm } from './contrastiveCam.ts';
import { crossEntropyObjective } from './crossEntropy.ts';
import type { Objective, Term, TermConfig } from './objective.ts';
import { pairingRules } from './pairing.ts';
import { tripletTerm } from './tripletCam.ts';
import { weightedTermsObjective, type WeightedTerm } from './weightedTerms.ts';

/** What computes each term: one function per descriptor. */
const builders: {
  [Name in TermName]: (ops: Ops, settings: TermConfig<Name>, cam: RunConfig['cam']) => Term;
} = {
  contrastive: (ops, settings, { gradient }) =>
    contrastiveTerm(ops, { ...settings, gradient }, pairingRules[settings.pairing]),
  triplet: (ops, settings, { gradient }) => tripletTerm(ops, { ...settings, gradient }),
};

const buildTerm = <Name extends TermName>(
  ops: Ops,
  name: Name,
  settings: TermConfig<Name>,
  cam: RunConfig['cam'],
): WeightedTerm => ({
  ...{ name, weight: settings.weight },
  compute: builders[name](ops, settings, cam),
});

export function buildObjective(
  ops: Ops,
  { objective, cam }: Pick<RunConfig, 'objective' | 'cam'>,
): Objective {
  const terms = addedTerms({ objective }).flatMap((name) => {
    const settings = objective[name];
    return settings === undefined ? [] : [buildTerm(ops, name, settings, cam)];
  });
  return terms.length === 0 ? crossEntropyObjective : weightedTermsObjective(terms);
}
