import { explainer } from './explainer.ts';

export const gradient = explainer({
  family: 'gradient',
  title: 'Gradient',
  description: 'How fast the class’s logit grows with each pixel.',
  formula: '∂y/∂x',
  source: 'Simonyan et al., Deep Inside Convolutional Networks (2013)',
  signed: true,
  random: false,
  cost: '1 pass forward and back',
  fields: {},
  passes: () => 1,
});
