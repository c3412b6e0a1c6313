import { z } from 'zod';
import { explainerSchema } from '../../explainers/registry.ts';
import { seedSchema } from '../../config/runConfig.ts';
import { bestEpoch, common, example, note, run, target } from '../fields.ts';
import { card } from './card.ts';

const schema = z.strictObject({
  template: z.literal('explainer-grid'),
  ...common,
  run,
  examples: z.array(example).min(1).max(40),
  methods: z
    .array(explainerSchema)
    .min(1)
    .max(12)
    .default(['gradcam', 'hirescam', 'gradient-x-input', 'integrated-gradients', 'lrp']),
  /** `key=value`, each for the methods that have it. */
  options: z.array(z.string().max(100)).max(20).default([]),
  seed: seedSchema.default(0),
  epoch: bestEpoch,
  target,
  note,
});
export type ExplainerGridSpec = z.infer<typeof schema>;

export const explainerGrid = {
  title: 'Explanations by several methods',
  columns: 2,
  schema,
  card,
  load: async () => (await import('./figure.ts')).figure,
} as const;
