import { z } from 'zod';
import { field } from '../config/fields.ts';

/** The field of models with a dropout layer. */
export const dropout = () =>
  field(z.number().min(0).lt(1), 0.5, {
    title: 'Dropout',
    description: 'Probability that a unit of the flattened features is dropped in training.',
  });
