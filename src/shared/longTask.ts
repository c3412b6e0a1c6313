import { z } from 'zod';

/** What a long call yields until it returns; `total` is null while it is not known. */
export const longTaskSchema = z.object({
  step: z.string(),
  done: z.number(),
  total: z.number().nullable(),
});
export type LongTaskProgress = z.infer<typeof longTaskSchema>;
