import { z } from 'zod';
import { exampleGridFields } from '../fields.ts';
import { card } from './card.ts';

const schema = z.strictObject({ template: z.literal('misclassified-grid'), ...exampleGridFields });
export type MisclassifiedGridSpec = z.infer<typeof schema>;

export const misclassifiedGrid = {
  title: 'Most confident wrong predictions',
  columns: 2,
  schema,
  card,
  load: async () => (await import('./figure.ts')).figure,
} as const;
