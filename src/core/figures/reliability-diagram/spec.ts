import { z } from 'zod';
import { bestEpoch, common, runs } from '../fields.ts';
import { card } from './card.ts';

const schema = z.strictObject({
  template: z.literal('reliability-diagram'),
  ...common,
  runs: runs(1, 12),
  epoch: bestEpoch,
  bins: z.number().int().min(2).max(100).default(15),
});
export type ReliabilityDiagramSpec = z.infer<typeof schema>;

export const reliabilityDiagram = {
  title: 'Reliability diagram',
  columns: 2,
  schema,
  card,
  load: async () => (await import('./figure.ts')).figure,
} as const;
