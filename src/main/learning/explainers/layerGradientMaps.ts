import type { LayerGradientMethod } from '../../../core/explainers/registry.ts';
import type { Explain } from './explain.ts';
import { explainByGradcam } from './gradcam.ts';
import { explainByGradcamPlusPlus } from './gradcamPlusPlus.ts';
import { explainByHirescam } from './hirescam.ts';
import { explainByLayercam } from './layercam.ts';
import { explainByXgradcam } from './xgradcam.ts';

/** Methods that make a native map from the layer's activations and gradients, of many classes at once. */
export const layerGradientMaps: Readonly<Record<LayerGradientMethod, Explain>> = {
  gradcam: explainByGradcam,
  'gradcam++': explainByGradcamPlusPlus,
  hirescam: explainByHirescam,
  layercam: explainByLayercam,
  xgradcam: explainByXgradcam,
};
