import { z } from 'zod';
import { field } from '../fields.ts';

/** The field that every term of an objective has. */
export const weight = (term: string, fallback = 1) =>
  field(z.number().min(0).max(1e6), fallback, {
    title: 'Weight',
    description: `Weight of the ${term} term; 0 computes and records it, but trains without it.`,
    formula: 'L = LCE + Σ weight · term',
  });
