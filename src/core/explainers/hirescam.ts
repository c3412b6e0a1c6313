import { layerGradientMap } from './explainer.ts';

export const hirescam = layerGradientMap({
  title: 'HiResCAM',
  description:
    'Multiplies activations and gradients position by position, so that it shows only what the class’s logit took from the layer; the same as Grad-CAM where gradients do not vary over a channel.',
  formula: 'M = ReLU(Σₖ ∂y/∂Aᵢⱼₖ Aᵢⱼₖ)',
  source: 'Draelos and Carin, Use HiResCAM instead of Grad-CAM (2020)',
});
