import { addedTerms } from '../../../core/config/objectives.ts';
import type { TermName } from '../../../core/config/objectives/registry.ts';
import type { RunConfig } from '../../../core/config/runConfig.ts';
import type { Ops } from '../engine/ops.ts';
import { contrastiveTerm } from './contrastiveCam.ts';
import { crossEntropyObjective } from './crossEntropy.ts';
import { compareEnergy } from './energyCam.ts';
import { compareAbsolutely, compareSquared, comparedMapTerm } from './mapDistances.ts';
import type { MapTermParts } from './mapTerm.ts';
import type { ExtraInput, Objective, Term, TermConfig } from './objective.ts';
import { pairingRules } from './pairing.ts';
import { compareWithinBatch, compareWithPrototype } from './prototypeCam.ts';
import { rightReasonsTerm } from './rightReasons.ts';
import { compareStructure } from './ssimCam.ts';
import { supervisedContrastiveTerm } from './supervisedContrastive.ts';
import { tripletTerm } from './tripletCam.ts';
import { compareVariationally } from './variationalCam.ts';
import { weightedTermsObjective, type WeightedTerm } from './weightedTerms.ts';

/** What computes each term: one function per descriptor. */
const builders: {
  [Name in TermName]: (parts: MapTermParts, settings: TermConfig<Name>) => Term;
} = {
  contrastive: ({ ops, gradient }, settings) =>
    contrastiveTerm(ops, { ...settings, gradient }, pairingRules[settings.pairing]),
  triplet: ({ ops, gradient }, settings) => tripletTerm(ops, { ...settings, gradient }),
  variational: (parts, settings) => comparedMapTerm(parts, compareVariationally(settings)),
  ssim: (parts) => comparedMapTerm(parts, compareStructure),
  l1: (parts) => comparedMapTerm(parts, compareAbsolutely),
  l2: (parts) => comparedMapTerm(parts, compareSquared),
  energy: (parts) => comparedMapTerm(parts, compareEnergy),
  prototype: (parts, { distanceReduction }) =>
    comparedMapTerm(parts, compareWithPrototype(distanceReduction)),
  batchCam: (parts, { distanceReduction }) =>
    comparedMapTerm(parts, compareWithinBatch(distanceReduction)),
  rightReasons: () => rightReasonsTerm,
  supcon: (_, settings) => supervisedContrastiveTerm(settings),
};

/** What terms need of each image; the others need nothing. */
const needs: Partial<Record<TermName, readonly ExtraInput[]>> = { prototype: ['classMeans'] };

const buildTerm = <Name extends TermName>(
  parts: MapTermParts,
  name: Name,
  settings: TermConfig<Name>,
): WeightedTerm => ({
  ...{ name, weight: settings.weight, needs: needs[name] ?? [] },
  compute: builders[name](parts, settings),
});

export function buildObjective(
  ops: Ops,
  { objective, cam }: Pick<RunConfig, 'objective' | 'cam'>,
): Objective {
  const terms = addedTerms({ objective }).flatMap((name) => {
    const settings = objective[name];
    return settings === undefined ? [] : [buildTerm({ ops, ...cam }, name, settings)];
  });
  return terms.length === 0 ? crossEntropyObjective : weightedTermsObjective(terms);
}
