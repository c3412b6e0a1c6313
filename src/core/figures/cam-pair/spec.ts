import { z } from 'zod';
import { bestEpoch, common, example, note, run, target } from '../fields.ts';

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
  load: async () => (await import('./figure.ts')).figure,
} as const;
