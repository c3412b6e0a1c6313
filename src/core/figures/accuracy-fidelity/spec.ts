import { z } from 'zod';
import { runConfigSchema, type RunConfigKey } from '../../config/runConfig.ts';
import { common, runs } from '../fields.ts';
import { plottedMetricSchema } from '../metrics.ts';
import { card } from './card.ts';

const configKeys = Object.keys(runConfigSchema.shape) as [RunConfigKey, ...RunConfigKey[]];

const schema = z.strictObject({
  template: z.literal('accuracy-fidelity'),
  ...common,
  runs: runs(1, 500),
  sweep: z.enum(configKeys).default('camWeight'),
  fidelity: plottedMetricSchema.default('inputCorrelation'),
  accuracy: plottedMetricSchema.default('testAccuracy'),
});
export type AccuracyFidelitySpec = z.infer<typeof schema>;

export const accuracyFidelity = {
  title: 'Accuracy against fidelity of the maps',
  columns: 1,
  schema,
  card,
  load: async () => (await import('./figure.ts')).figure,
} as const;
