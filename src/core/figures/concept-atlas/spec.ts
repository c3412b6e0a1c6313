import { z } from 'zod';
import { lrpRules } from '../../explainers/lrpRules.ts';
import { bestEpoch, common, note, run, target } from '../fields.ts';
import { card } from './card.ts';

const schema = z.strictObject({
  template: z.literal('concept-atlas'),
  ...common,
  run,
  /** Those of most relevance. */
  channels: z.number().int().min(1).max(40).default(5),
  /** Of each channel, those in which it has most relevance. */
  images: z.number().int().min(1).max(10).default(4),
  /** Most test images that are looked at, evenly spaced. */
  among: z.number().int().min(1).max(1_000_000).default(500),
  rule: z.enum(lrpRules).default('composite'),
  epoch: bestEpoch,
  target,
  note,
});
export type ConceptAtlasSpec = z.infer<typeof schema>;

export const conceptAtlas = {
  title: 'Concepts of a layer',
  columns: 2,
  schema,
  card,
  load: async () => (await import('./figure.ts')).figure,
} as const;
