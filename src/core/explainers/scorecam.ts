import { explainer } from './explainer.ts';

export const scorecam = explainer({
  family: 'cam',
  title: 'Score-CAM',
  description:
    'Weighs each channel by the class’s logit for the image as that channel, enlarged, lets it through: no gradient.',
  formula:
    'M = ReLU(Σₖ wₖ Aₖ), w = softmaxₖ y(x ∘ Hₖ), Hₖ = Aₖ bilinear at the image’s size, from 0 to 1',
  source: 'Wang et al., Score-CAM (2020)',
  signed: false,
  random: false,
  cost: 'K + 1 passes forward, K channels',
  fields: {},
  passes: (_, { channels }) => channels + 1,
});
