import { z } from 'zod';
import { common, runs } from '../fields.ts';
import { plottedMetricSchema } from '../metrics.ts';
import { card } from './card.ts';

const schema = z.strictObject({
  template: z.literal('training-curves'),
  ...common,
  runs: runs(1, 200),
  metrics: z
    .array(plottedMetricSchema)
    .min(1)
    .max(12)
    .default(['validationCrossEntropy', 'testAccuracy', 'inputCorrelation']),
  /** Runs that differ by their seed alone become one line with a band. */
  groupSeeds: z.boolean().default(true),
  /** First epoch drawn; from 1 on, the untrained network stands apart at the left. */
  fromEpoch: z.number().int().min(0).default(1),
});
export type TrainingCurvesSpec = z.infer<typeof schema>;

export const trainingCurves = {
  title: 'Training curves',
  columns: 2,
  schema,
  card,
  load: async () => (await import('./figure.ts')).figure,
} as const;
