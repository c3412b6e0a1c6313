import { z } from 'zod';
import { field } from '../fields.ts';

/** The field that every term of an objective has. */
export const weight = (description: string) =>
  field(z.number().min(0).max(1e6), 1, {
    title: 'Weight',
    description,
    formula: 'L = LCE + Σ weight · term',
  });
