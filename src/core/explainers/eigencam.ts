import { explainer } from './explainer.ts';

export const eigencam = explainer({
  family: 'cam',
  title: 'Eigen-CAM',
  description:
    'The activations’ first principal component over the channels, whatever the class: what the layer sees most of. Turned so that its largest value is positive.',
  formula:
    'M = ReLU(Ā v), Ā the activations less each channel’s mean, v their first right singular vector',
  source: 'Muhammad and Yeasin, Eigen-CAM (2020)',
  signed: false,
  random: false,
  cost: '1 pass forward',
  fields: {},
  passes: () => 1,
});
