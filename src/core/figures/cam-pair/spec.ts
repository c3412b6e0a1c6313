import { z } from 'zod';
import { bestEpoch, common, example, note, run, target } from '../fields.ts';
import { card } from './card.ts';

const schema = z.strictObject({
  template: z.literal('cam-pair'),
  ...common,
  run,
  example,
  epoch: bestEpoch,
  target,
  note,
});
export type CamPairSpec = z.infer<typeof schema>;

export const camPair = {
  title: 'Image and class activation map',
  columns: 1,
  schema,
  card,
  load: async () => (await import('./figure.ts')).figure,
} as const;
