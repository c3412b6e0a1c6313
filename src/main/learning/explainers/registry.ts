import {
  layerGradientMethods,
  type ExplainerName,
  type LayerGradientMethod,
} from '../../../core/explainers/registry.ts';
import { explainByAblationcam } from './ablationcam.ts';
import { explainByEigencam } from './eigencam.ts';
import { explainByGradient, explainByGradientXInput } from './gradient.ts';
import { explainByGradientShap } from './gradientShap.ts';
import { explainByIntegratedGradients } from './integratedGradients.ts';
import { explainByKernelShap } from './kernelShap.ts';
import { explainByLime } from './lime.ts';
import { enlargeMap, type Method } from './method.ts';
import { explainByCrp, explainByLrp } from './lrp.ts';
import { explainByOcclusion } from './occlusion.ts';
import { explainByPrototype } from './prototype.ts';
import { explainByRise } from './rise.ts';
import { explainByScorecam } from './scorecam.ts';
import { explainBySmoothgrad } from './smoothgrad.ts';

type Methods = { readonly [Name in ExplainerName]: Method<Name> };

/** The maps of activations and gradients, at the image's size. */
const ofLayer = Object.fromEntries(
  layerGradientMethods.map((method): [LayerGradientMethod, Method<LayerGradientMethod>] => [
    method,
    (network, { image, targetClass }) =>
      enlargeMap(network.layerMap(image, targetClass, method), network),
  ]),
) as Pick<Methods, LayerGradientMethod>;

/** What computes each explainer's maps. */
export const explainBy: Methods = {
  ...ofLayer,
  eigencam: explainByEigencam,
  scorecam: explainByScorecam,
  ablationcam: explainByAblationcam,
  prototype: explainByPrototype,
  gradient: explainByGradient,
  'gradient-x-input': explainByGradientXInput,
  smoothgrad: explainBySmoothgrad,
  'integrated-gradients': explainByIntegratedGradients,
  'gradient-shap': explainByGradientShap,
  occlusion: explainByOcclusion,
  rise: explainByRise,
  lime: explainByLime,
  'kernel-shap': explainByKernelShap,
  lrp: explainByLrp,
  crp: explainByCrp,
};
