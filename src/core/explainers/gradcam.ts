import { layerGradientMap } from './explainer.ts';

export const gradcam = layerGradientMap({
  title: 'Grad-CAM',
  description:
    'Weighs each channel by the mean of its gradient: the map that runs train and record.',
  formula: 'M = ReLU(Σₖ αₖ Aₖ), αₖ = meanᵢⱼ ∂y/∂Aᵢⱼₖ',
  source: 'Selvaraju et al., Grad-CAM (2017)',
});
