import { z } from 'zod';
import { field } from '../config/fields.ts';
import { explainer } from './explainer.ts';
import { samples } from './optionFields.ts';

export const smoothgrad = explainer({
  family: 'gradient',
  title: 'SmoothGrad',
  description: 'The mean gradient over copies of the image with noise added.',
  formula: 'mean of ∂y/∂x at x + n, n normal with standard deviation noise · (max x − min x)',
  source: 'Smilkov et al., SmoothGrad (2017)',
  signed: true,
  random: true,
  cost: '`samples` passes forward and back',
  fields: {
    samples: samples(50, 'noisy copies'),
    noise: field(z.number().gt(0).max(1), 0.15, {
      title: 'Noise',
      description: 'Standard deviation of the noise, as a share of the image’s range.',
    }),
  },
  passes: (options) => options.samples,
});
