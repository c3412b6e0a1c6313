import { z } from 'zod';
import { explainerSchema } from '../../explainers/registry.ts';
import { bestEpoch, common, runs } from '../fields.ts';
import { card } from './card.ts';

const schema = z.strictObject({
  template: z.literal('sanity-cascade'),
  ...common,
  runs: runs(1, 2),
  epoch: bestEpoch,
  /** Empty: all that were audited. */
  methods: z.array(explainerSchema).max(6).default([]),
  /** How alike maps are. */
  similarity: z.enum(['rank', 'ssim']).default('rank'),
});
export type SanityCascadeSpec = z.infer<typeof schema>;

export const sanityCascade = {
  title: 'Maps while layers are randomised',
  columns: 2,
  schema,
  card,
  load: async () => (await import('./figure.ts')).figure,
} as const;
