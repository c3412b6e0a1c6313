import { z } from 'zod';

export const estimateSchema = z.object({
  /** Wall clock of all runs with the given number side by side. */
  durationMs: z.number(),
  /** What the estimate rests on, in words. */
  basis: z.string(),
});
export type Estimate = z.infer<typeof estimateSchema>;
