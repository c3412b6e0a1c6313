import { z } from 'zod';
import { common, example, run, target } from '../fields.ts';
import { card } from './card.ts';

const schema = z.strictObject({
  template: z.literal('cam-evolution'),
  ...common,
  rows: z.array(z.strictObject({ run, example })).min(1).max(60),
  epochs: z
    .union([z.literal('all'), z.array(z.number().int().min(0)).min(1).max(60)])
    .default('all'),
  target,
});
export type CamEvolutionSpec = z.infer<typeof schema>;

export const camEvolution = {
  title: 'Class activation maps by epoch',
  columns: 2,
  schema,
  card,
  load: async () => (await import('./figure.ts')).figure,
} as const;
