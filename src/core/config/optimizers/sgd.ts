import { z } from 'zod';
import { component } from '../component.ts';
import { field } from '../fields.ts';
import { learningRate } from './learningRate.ts';

export const sgd = component({
  name: 'sgd',
  title: 'SGD',
  description: 'Stochastic gradient descent with momentum.',
  formula: 'u ← momentum · u + g    w ← w − η u',
  source: 'Polyak (1964), as PyTorch computes it',
  fields: {
    learningRate: learningRate(),
    momentum: field(z.number().min(0).lt(1), 0.9, {
      title: 'Momentum',
      description: 'Share of the velocity that a step keeps; 0 is plain gradient descent.',
    }),
  },
});
