import { layerGradientMap } from './explainer.ts';

export const xgradcam = layerGradientMap({
  title: 'XGrad-CAM',
  description: 'Weighs each channel by its gradients, each in proportion to the activation there.',
  formula: 'M = ReLU(Σₖ wₖ Aₖ), wₖ = Σᵢⱼ ∂y/∂Aᵢⱼₖ Aᵢⱼₖ / (Σ Aₖ + 10⁻⁷)',
  source: 'Fu et al., Axiom-based Grad-CAM (2020)',
});
