import { z } from 'zod';
import { field } from '../fields.ts';

/**
 * The field of terms that measure how far a map is from something of its size.
 *
 * @param other what that is called, in words and in formulas
 */
export const distanceReduction = (other: string, symbol: string) =>
  field(z.enum(['sum', 'mean']), 'sum', {
    title: 'Distance reduction',
    description: `Whether squared differences of map and ${other} are summed (Euclidean distance) or averaged over pixels.`,
    formula: `d = sqrt(Σₚ (camₚ − ${symbol}ₚ)² + e⁻²²)`,
  });
