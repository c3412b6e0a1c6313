import { z } from 'zod';
import { usualBins } from '../../metrics/calibration.ts';
import { bestEpoch, common, runs } from '../fields.ts';
import { card } from './card.ts';

const schema = z.strictObject({
  template: z.literal('reliability-diagram'),
  ...common,
  runs: runs(1, 12),
  epoch: bestEpoch,
  bins: z.number().int().min(2).max(100).default(usualBins),
});
export type ReliabilityDiagramSpec = z.infer<typeof schema>;

export const reliabilityDiagram = {
  title: 'Reliability diagram',
  columns: 2,
  schema,
  card,
  load: async () => (await import('./figure.ts')).figure,
} as const;
