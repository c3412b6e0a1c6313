import { z } from 'zod';
import { component } from '../component.ts';
import { field } from '../fields.ts';
import { weight } from './weight.ts';

/** Features of one class close together, of different ones apart. */
export const supcon = component({
  name: 'supcon',
  title: 'Supervised contrastive loss',
  word: 'supervised contrastive',
  description:
    'Pulls together the features of a class before the last layer, and apart those of others; it uses no map. An image without another of its class in the batch adds 0.',
  formula: 'LSC = mean over the batch of −mean over p ∈ P(i) of ln(e^(zᵢ·zₚ/τ) / Σₐ≠ᵢ e^(zᵢ·zₐ/τ))',
  source: 'Khosla et al., Supervised Contrastive Learning (2020)',
  fields: {
    weight: weight('supervised contrastive'),
    temperature: field(z.number().gt(0).max(100), 0.1, {
      title: 'Temperature',
      description:
        'By how little closeness differs where it matters; small ones look at the nearest.',
      formula: 'τ; z = f / ‖f‖, f the input of the last dense layer',
    }),
  },
});
