import { z } from 'zod';
import { component } from '../component.ts';
import { field } from '../fields.ts';
import { weight } from './weight.ts';

/** The map as what a decoder makes of the target layer, whose code is to be Gaussian. */
export const variational = component({
  name: 'variational',
  title: 'Variational loss',
  description:
    'Negative ELBO: the map reconstructs the image, and the target layer’s pooled activations are Gaussian.',
  formula: 'LV = mean over the batch of BCE(0.01 + 0.98 cam, x) + beta KL(N(μ, σ²) ‖ N(0, 1))',
  source:
    'Ignesti, Martinelli and Moroni name it in their outlook without a formula; this one follows Kingma and Welling, Auto-Encoding Variational Bayes (2014)',
  fields: {
    weight: weight('variational'),
    beta: field(z.number().min(0).max(1e6), 1, {
      title: 'Beta',
      description:
        'Weight of the divergence: of each channel’s mean over positions, over the images of the batch, from the unit Gaussian.',
      formula: 'KL = ½ Σₖ (μₖ² + σₖ² − 1 − ln σₖ²), σₖ² with 10⁻⁵ added',
    }),
    reduction: field(z.enum(['sum', 'mean']), 'sum', {
      title: 'Reconstruction reduction',
      description: 'Whether the cross-entropy of map and image is summed or averaged over pixels.',
      formula: 'BCE(p, x) = −Σₚ (x ln p + (1 − x) ln(1 − p))',
    }),
  },
});
