import { component } from '../component.ts';
import { weight } from './weight.ts';

/** One minus the structural similarity that epochs are measured by too. */
export const ssim = component({
  name: 'ssim',
  title: 'Structural similarity',
  word: 'SSIM',
  description:
    'Pulls each map towards the structure of its image: local means, variances, covariance.',
  formula: 'LSSIM = mean over the batch of 1 − SSIM(cam, x)',
  source: 'Wang, Bovik, Sheikh and Simoncelli (2004)',
  fields: { weight: weight('SSIM') },
});
