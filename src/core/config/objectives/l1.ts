import { component } from '../component.ts';
import { weight } from './weight.ts';

/** Mean absolute difference of map and image. */
export const l1 = component({
  name: 'l1',
  title: 'Absolute distance',
  word: 'L1',
  description: 'Pulls each map towards its image, every pixel with the same force.',
  formula: 'L1 = mean over the batch and pixels of |camₚ − xₚ|',
  source: 'the mean absolute error',
  fields: { weight: weight('L1') },
});
