import { z } from 'zod';
import { exampleGridFields } from '../fields.ts';
import { card } from './card.ts';

const schema = z.strictObject({ template: z.literal('low-confidence-grid'), ...exampleGridFields });
export type LowConfidenceGridSpec = z.infer<typeof schema>;

export const lowConfidenceGrid = {
  title: 'Least confident right predictions',
  columns: 2,
  schema,
  card,
  load: async () => (await import('./figure.ts')).figure,
} as const;
