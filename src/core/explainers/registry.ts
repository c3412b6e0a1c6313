import { z } from 'zod';
import { ablationcam } from './ablationcam.ts';
import { crp } from './crp.ts';
import { eigencam } from './eigencam.ts';
import type { Explainer, OptionsOf } from './explainer.ts';
import { gradcam } from './gradcam.ts';
import { gradcamPlusPlus } from './gradcamPlusPlus.ts';
import { gradient } from './gradient.ts';
import { gradientShap } from './gradientShap.ts';
import { gradientXInput } from './gradientXInput.ts';
import { hirescam } from './hirescam.ts';
import { integratedGradients } from './integratedGradients.ts';
import { kernelShap } from './kernelShap.ts';
import { layercam } from './layercam.ts';
import { lime } from './lime.ts';
import { lrp } from './lrp.ts';
import { describeModel, type ModelChoice } from '../models/network.ts';
import { occlusion } from './occlusion.ts';
import { prototype } from './prototype.ts';
import { rise } from './rise.ts';
import { scorecam } from './scorecam.ts';
import { smoothgrad } from './smoothgrad.ts';
import { xgradcam } from './xgradcam.ts';

/** By the names that commands and calls know them by. A new one is a file here, its line, and what computes it. */
export const explainers = {
  gradcam,
  'gradcam++': gradcamPlusPlus,
  hirescam,
  layercam,
  xgradcam,
  eigencam,
  scorecam,
  ablationcam,
  prototype,
  gradient,
  'gradient-x-input': gradientXInput,
  smoothgrad,
  'integrated-gradients': integratedGradients,
  'gradient-shap': gradientShap,
  occlusion,
  rise,
  lime,
  'kernel-shap': kernelShap,
  lrp,
  crp,
} as const;
export type ExplainerName = keyof typeof explainers;
export type ExplainerOptions<Name extends ExplainerName> = OptionsOf<
  (typeof explainers)[Name]['fields']
>;
export const explainerNames = Object.keys(explainers) as [ExplainerName, ...ExplainerName[]];

/** Those that explain a model: some need layers that not every network has. */
export function explainersOf(model: ModelChoice): ExplainerName[] {
  const { layers } = describeModel(model, { imageSize: 28 }, 2);
  const kinds = new Set(layers.map(({ spec }) => spec.kind));
  return explainerNames.filter((name) => {
    const { needs }: Pick<Explainer, 'needs'> = explainers[name];
    return needs === undefined || kinds.has(needs);
  });
}

export const explainerSchema = z.enum(explainerNames);

/** Those whose native maps of every class come of one pass for each, and are kept as stored maps are. */
export const layerGradientMethods = [
  'gradcam',
  'gradcam++',
  'hirescam',
  'layercam',
  'xgradcam',
] as const satisfies readonly ExplainerName[];
export type LayerGradientMethod = (typeof layerGradientMethods)[number];
export const layerGradientSchema = z.enum(layerGradientMethods);
