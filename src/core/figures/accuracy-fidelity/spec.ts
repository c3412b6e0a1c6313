import { z } from 'zod';
import { formerKeys } from '../../config/settingKeys.ts';
import { settingPaths } from '../../config/settings.ts';
import { common, runs } from '../fields.ts';
import { plottedMetricSchema } from '../metrics.ts';
import { card } from './card.ts';

/** Settings by path, or by the name that the first version of the configuration had for them. */
const sweepable = [...settingPaths, ...formerKeys] as [string, ...string[]];

const schema = z.strictObject({
  template: z.literal('accuracy-fidelity'),
  ...common,
  runs: runs(1, 500),
  sweep: z.enum(sweepable).default('objective.contrastive.weight'),
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
