import { z } from 'zod';
import { field } from '../fields.ts';

/** The field that every optimizer has. */
export const learningRate = () =>
  field(z.number().gt(0).max(10), 1e-3, {
    title: 'Learning rate',
    description: 'Step size before the schedule.',
  });
