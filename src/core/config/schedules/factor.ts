import { z } from 'zod';
import { field } from '../fields.ts';

/** By what a schedule multiplies the learning rate when it lowers it. */
export const factor = () =>
  field(z.number().gt(0).lt(1), 0.5, {
    title: 'Factor',
    description: 'What the learning rate is multiplied by each time.',
  });
