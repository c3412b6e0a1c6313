import { z } from 'zod';
import { bestEpoch, common, run } from '../fields.ts';
import { card } from './card.ts';

const schema = z.strictObject({
  template: z.literal('confusion-matrix'),
  ...common,
  run,
  epoch: bestEpoch,
  values: z.enum(['counts', 'rates']).default('counts'),
});
export type ConfusionMatrixSpec = z.infer<typeof schema>;

export const confusionMatrix = {
  title: 'Confusion matrix',
  columns: 1,
  schema,
  card,
  load: async () => (await import('./figure.ts')).figure,
} as const;
