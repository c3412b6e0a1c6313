import { z } from 'zod';
import { field } from '../config/fields.ts';
import { explainer } from './explainer.ts';
import { baseline } from './optionFields.ts';

export const integratedGradients = explainer({
  family: 'gradient',
  title: 'Integrated gradients',
  description:
    'The gradient’s mean on the straight way from a baseline to the image, times their difference: the map adds up to what the image’s logit has over the baseline’s.',
  formula: '(x − b) ∘ mean of ∂y/∂x at b + t (x − b), t the middles of `steps` parts of [0, 1]',
  source: 'Sundararajan et al., Axiomatic Attribution for Deep Networks (2017)',
  signed: true,
  random: false,
  cost: '`steps` passes forward and back',
  fields: {
    steps: field(z.number().int().min(1).max(10_000), 64, {
      title: 'Steps',
      description: 'Points on the way.',
    }),
    baseline: baseline(),
  },
  passes: ({ steps }) => steps,
});
