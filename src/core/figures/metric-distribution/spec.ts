import { z } from 'zod';
import { bestEpoch, common, countScaleSchema, runs } from '../fields.ts';
import { readyMetricSchema } from '../../metrics/exampleMetrics.ts';
import { card } from './card.ts';

const schema = z.strictObject({
  template: z.literal('metric-distribution'),
  ...common,
  runs: runs(2, 2),
  epoch: bestEpoch,
  metric: readyMetricSchema.default('inputCorrelation'),
  /** `auto`: logarithmic where most bins would be too low to be seen. */
  countScale: z.enum(['auto', ...countScaleSchema.options]).default('auto'),
});
export type MetricDistributionSpec = z.infer<typeof schema>;

export const metricDistribution = {
  title: 'Distribution of a metric over the test images',
  columns: 2,
  schema,
  card,
  load: async () => (await import('./figure.ts')).figure,
} as const;
