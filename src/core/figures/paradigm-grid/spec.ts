import { z } from 'zod';
import { bestEpoch, common, example, note, runs, target } from '../fields.ts';
import { card } from './card.ts';

const schema = z.strictObject({
  template: z.literal('paradigm-grid'),
  ...common,
  runs: runs(2, 2),
  examples: z.array(example).min(1).max(60),
  epoch: bestEpoch,
  target,
  note,
});
export type ParadigmGridSpec = z.infer<typeof schema>;

export const paradigmGrid = {
  title: 'Class activation maps of two runs',
  columns: 1,
  schema,
  card,
  load: async () => (await import('./figure.ts')).figure,
} as const;
