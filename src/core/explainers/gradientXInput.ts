import { explainer } from './explainer.ts';

export const gradientXInput = explainer({
  family: 'gradient',
  title: 'Gradient × input',
  description: 'Each pixel’s value times its gradient: what the pixel adds, to first order.',
  formula: 'x ∘ ∂y/∂x',
  source: 'Shrikumar et al., Not Just a Black Box (2016)',
  signed: true,
  random: false,
  cost: '1 pass forward and back',
  fields: {},
  passes: () => 1,
});
