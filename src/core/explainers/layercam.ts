import { layerGradientMap } from './explainer.ts';

export const layercam = layerGradientMap({
  title: 'LayerCAM',
  description:
    'Weighs each position of each channel by its own gradient where that is positive, which keeps the detail of early layers.',
  formula: 'M = ReLU(Σₖ ReLU(∂y/∂Aᵢⱼₖ) Aᵢⱼₖ)',
  source: 'Jiang et al., LayerCAM: Exploring Hierarchical Class Activation Maps (2021)',
});
