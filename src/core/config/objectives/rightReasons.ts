import { component } from '../component.ts';
import { weight } from './weight.ts';

/** Predictions that do not depend on what lies outside the mask. */
export const rightReasons = component({
  name: 'rightReasons',
  title: 'Right for the right reasons',
  word: 'right-reasons',
  description:
    'Penalises the slope of the predictions with respect to pixels outside the mask; it uses no map. Of an image whose mask is empty, all pixels are outside.',
  formula: 'LRR = mean over the batch of Σₚ ((1 − maskₚ) ∂/∂xₚ Σₖ ln pₖ)²',
  source: 'Ross, Hughes and Doshi-Velez, Right for the Right Reasons (2017)',
  fields: { weight: weight('right-reasons', 0.001) },
});
