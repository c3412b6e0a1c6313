import { z } from 'zod';

/** How far a trainer is, as often as it says so. */
export const trainerProgressSchema = z.object({
  phase: z.enum(['training', 'adjustment', 'validation', 'evaluation']),
  epoch: z.number().int(),
  epochs: z.number().int(),
  step: z.number().int(),
  steps: z.number().int(),
  loss: z.number().nullable(),
  /** Means by the names of the objective's terms. */
  terms: z.record(z.string(), z.number()),
  accuracy: z.number().nullable(),
  imagesPerSecond: z.number(),
});
