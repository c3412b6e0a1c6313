import { explainer } from './explainer.ts';

export const ablationcam = explainer({
  family: 'cam',
  title: 'Ablation-CAM',
  description:
    'Weighs each channel by how much of the class’s logit is lost where the channel is set to zero: no gradient.',
  formula: 'M = ReLU(Σₖ wₖ Aₖ), wₖ = (y − y with Aₖ = 0) / y',
  source: 'Desai and Ramaswamy, Ablation-CAM (2020)',
  signed: false,
  random: false,
  cost: 'K + 2 passes forward, K of them from the layer on, K channels',
  fields: {},
  passes: (_, { channels }) => channels + 2,
});
