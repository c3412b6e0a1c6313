import { z } from 'zod';
import { bestEpoch, common, countScaleSchema, runs, threshold } from '../fields.ts';
import { card } from './card.ts';

const schema = z.strictObject({
  template: z.literal('confidence-histogram'),
  ...common,
  runs: runs(1, 8),
  epoch: bestEpoch,
  bins: z.number().int().min(2).max(200).default(50),
  threshold,
  countScale: countScaleSchema.default('log'),
});
export type ConfidenceHistogramSpec = z.infer<typeof schema>;

export const confidenceHistogram = {
  title: 'Confidence histogram',
  columns: 1,
  schema,
  card,
  load: async () => (await import('./figure.ts')).figure,
} as const;
