import { component } from '../component.ts';
import { weight } from './weight.ts';

/** Mean squared difference of map and image. */
export const l2 = component({
  name: 'l2',
  title: 'Squared distance',
  word: 'L2',
  description: 'Pulls each map towards its image, pixels that differ more with more force.',
  formula: 'L2 = mean over the batch and pixels of (camₚ − xₚ)²',
  source: 'the mean squared error',
  fields: { weight: weight('L2') },
});
