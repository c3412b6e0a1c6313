import { z } from 'zod';
import { field } from '../config/fields.ts';
import { explainer } from './explainer.ts';
import { samples } from './optionFields.ts';

export const rise = explainer({
  family: 'perturbation',
  title: 'RISE',
  description:
    'Lets the image through masks drawn at random, and averages them by the class’s score: bright where the class needs to see.',
  formula:
    'Σᵢ p(class | x ∘ Mᵢ) Mᵢ / (N keep), Mᵢ a grid of zeros and ones, enlarged bilinearly and shifted at random',
  source: 'Petsiuk et al., RISE (2018)',
  signed: false,
  random: true,
  cost: '`samples` passes forward',
  fields: {
    samples: samples(2000, 'masks'),
    cells: field(z.number().int().min(2).max(64), 7, {
      title: 'Cells',
      description: 'Of the grid, along a side.',
    }),
    keep: field(z.number().gt(0).lt(1), 0.5, {
      title: 'Share let through',
      description: 'The probability that a cell lets the image through.',
    }),
  },
  passes: (options) => options.samples,
});
