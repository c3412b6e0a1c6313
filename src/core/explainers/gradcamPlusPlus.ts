import { layerGradientMap } from './explainer.ts';

export const gradcamPlusPlus = layerGradientMap({
  title: 'Grad-CAM++',
  description:
    'Weighs each channel by its positive gradients, those of small and repeated parts as much as of large ones.',
  formula:
    'M = ReLU(Σₖ wₖ Aₖ), wₖ = Σᵢⱼ aᵢⱼₖ ReLU(g), aᵢⱼₖ = g² / (2g² + g³ Σ Aₖ + 10⁻⁶), g = ∂y/∂Aᵢⱼₖ',
  source: 'Chattopadhay et al., Grad-CAM++ (2018)',
});
