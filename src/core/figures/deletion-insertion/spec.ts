import { z } from 'zod';
import { explainerSchema } from '../../explainers/registry.ts';
import { removalBaselines } from '../../trust/removal.ts';
import { bestEpoch, common, runs } from '../fields.ts';
import { card } from './card.ts';

const schema = z.strictObject({
  template: z.literal('deletion-insertion'),
  ...common,
  runs: runs(1, 2),
  epoch: bestEpoch,
  method: explainerSchema.default('gradcam'),
  /** What stands where pixels were taken away. */
  baseline: z.enum(removalBaselines).default('mean'),
});
export type DeletionInsertionSpec = z.infer<typeof schema>;

export const deletionInsertion = {
  title: 'Deletion and insertion of what a map calls important',
  columns: 2,
  schema,
  card,
  load: async () => (await import('./figure.ts')).figure,
} as const;
