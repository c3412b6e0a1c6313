import { addedTerms } from '../../../core/config/objectives.ts';
import type { TermName } from '../../../core/config/objectives/registry.ts';
import type { RunConfig } from '../../../core/config/runConfig.ts';
import type { Ops } from '../engine/ops.ts';
import { contrastiveTerm } from './contrastiveCam.ts';
import { crossEntropyObjective } from './crossEntropy.ts';
import { compareEnergy } from './energyCam.ts';
import {
  compareAbsolutely,
  comparedMapTerm,
  compareSquared,
  type CompareMaps,
} from './mapDistances.ts';
import { needsForMasks, pullTo } from './masks.ts';
import type { ExtraInput, Objective, Term, TermConfig } from './objective.ts';
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

/** A term that pulls maps to what the run wants them pulled to. */
const pulled = (parts: Parts, compare: CompareMaps): Term =>
  pullTo(parts, comparedMapTerm(parts, compare));

/** What computes each term: one function per descriptor. */
const builders: {
  [Name in TermName]: (parts: Parts, settings: TermConfig<Name>) => Term;
} = {
  contrastive: ({ ops, gradient, ...rule }, settings) =>
    pullTo(rule, contrastiveTerm(ops, { ...settings, gradient }, pairingRules[settings.pairing])),
  triplet: ({ ops, gradient, ...rule }, settings) =>
    pullTo(rule, tripletTerm(ops, { ...settings, gradient })),
  variational: (parts, settings) => pulled(parts, compareVariationally(settings)),
  ssim: (parts) => pulled(parts, compareStructure),
  l1: (parts) => pulled(parts, compareAbsolutely),
  l2: (parts) => pulled(parts, compareSquared),
  energy: (parts) => comparedMapTerm(parts, compareEnergy(parts)),
  prototype: (parts, { distanceReduction }) =>
    comparedMapTerm(parts, compareWithPrototype(distanceReduction)),
  batchCam: (parts, { distanceReduction }) =>
    comparedMapTerm(parts, compareWithinBatch(distanceReduction)),
  rightReasons: (parts) => rightReasonsTerm(parts),
  supcon: (_, settings) => supervisedContrastiveTerm(settings),
};

const pullsToTarget: ReadonlySet<TermName> = new Set([
  ...(['contrastive', 'triplet', 'variational', 'ssim', 'l1', 'l2'] as const),
]);
const usesMasks: ReadonlySet<TermName> = new Set(['energy', 'rightReasons']);

/** What a term needs of each image besides it and its label. */
function needsOf(name: TermName, { target, ...rule }: RunConfig['cam']): readonly ExtraInput[] {
  if (name === 'prototype') return ['classMeans'];
  const isMasked = usesMasks.has(name) || (pullsToTarget.has(name) && target === 'mask');
  return isMasked ? needsForMasks(rule) : [];
}

const buildTerm = <Name extends TermName>(
  parts: Parts,
  name: Name,
  settings: TermConfig<Name>,
): WeightedTerm => ({
  ...{ name, weight: settings.weight, needs: needsOf(name, parts) },
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
