import { z } from 'zod';
import { epochMetricsSchema, runIdSchema, runSummarySchema } from '../core/records.ts';

export const trainerProgressSchema = z.object({
  phase: z.enum(['compilation', 'training', 'adjustment', 'validation', 'evaluation']),
  epoch: z.number().int(),
  epochs: z.number().int(),
  step: z.number().int(),
  steps: z.number().int(),
  loss: z.number().nullable(),
  /** Means by the names of the objective's terms. */
  terms: z.record(z.string(), z.number()),
  accuracy: z.number().nullable(),
  imagesPerSecond: z.number(),
  compilationMs: z.number().optional(),
});

/** What happened, in order. A stream that is resumed after the last id it saw misses and doubles none. */
export const workbenchEventSchema = z.discriminatedUnion('type', [
  /** A run is new or any of its fields changed. */
  z.object({ type: z.literal('run'), run: runSummarySchema }),
  z.object({ type: z.literal('epoch'), runId: runIdSchema, metrics: epochMetricsSchema }),
  z.object({
    type: z.literal('progress'),
    runId: runIdSchema,
    progress: trainerProgressSchema,
    /** Until the run's last epoch, if early stopping does not end it before. */
    remainingMs: z.number().nullable(),
    /**
     * The losses of this epoch's steps so far, thinned: up to which step, and their mean since the one
     * before. Not with every event; what was told before then holds.
     */
    stepLosses: z
      .object({ steps: z.array(z.number().int()), losses: z.array(z.number()) })
      .optional(),
  }),
  /** A run was removed for good. */
  z.object({ type: z.literal('purged'), runId: runIdSchema }),
  /** The order in which queued runs will start. */
  z.object({ type: z.literal('queue'), runIds: z.array(runIdSchema) }),
  z.object({ type: z.literal('datasets') }),
  /** What people say of images of a data set changed; null: of any, as another process did it. */
  z.object({ type: z.literal('marks'), datasetId: z.string().nullable() }),
  z.object({ type: z.literal('engines') }),
  /** The list of saved figures changed. */
  z.object({ type: z.literal('figures') }),
  /** A study changed, or which runs it has. */
  z.object({ type: z.literal('studies') }),
  /** What runs on clusters do changed. */
  z.object({ type: z.literal('remote') }),
  /** The stream could not be resumed where it was left: load everything again. */
  z.object({ type: z.literal('reset') }),
]);
export type WorkbenchEvent = z.infer<typeof workbenchEventSchema>;
