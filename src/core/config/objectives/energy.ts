import { component } from '../component.ts';
import { weight } from './weight.ts';

/** What share of the map lies outside the mask. */
export const energy = component({
  name: 'energy',
  title: 'Energy inside the mask',
  description:
    'Moves each map onto its image’s mask, wherever in it. An image whose mask is empty adds 0.',
  formula: 'LE = mean over the batch of 1 − Σₚ camₚ maskₚ / (Σₚ camₚ + 10⁻⁷)',
  source:
    'Rao, Böhle, Parchami-Araghi and Schiele, Studying How to Efficiently and Effectively Guide Models with Explanations (2023)',
  fields: { weight: weight('energy') },
});
