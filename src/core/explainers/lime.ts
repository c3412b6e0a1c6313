import { z } from 'zod';
import { field } from '../config/fields.ts';
import { explainer } from './explainer.ts';
import { segmentFields } from './segmentFields.ts';

export const lime = explainer({
  family: 'perturbation',
  title: 'LIME',
  description:
    'Switches segments off at random and fits a straight line to the class’s score, the nearer to the whole image the heavier: each pixel has its segment’s slope.',
  formula:
    'argmin_w Σᵢ π(zᵢ) (s(zᵢ) − w₀ − w · zᵢ)² + ‖w‖², π(z) = exp(−(1 − cos(z, 1))² / (2 width²))',
  source: 'Ribeiro et al., “Why Should I Trust You?” (2016)',
  signed: true,
  random: true,
  cost: '`samples` passes forward',
  fields: {
    ...segmentFields(1000, 'probability'),
    width: field(z.number().gt(0).max(10), 0.25, {
      title: 'Kernel width',
      description: 'How near to the whole image counts, by cosine distance.',
    }),
  },
  passes: (options) => options.samples,
});
