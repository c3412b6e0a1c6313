import { z } from 'zod';
import { bestEpoch, common, runs } from '../fields.ts';
import { card } from './card.ts';

const schema = z.strictObject({
  template: z.literal('method-agreement'),
  ...common,
  runs: runs(1, 2),
  epoch: bestEpoch,
});
export type MethodAgreementSpec = z.infer<typeof schema>;

export const methodAgreement = {
  title: 'Agreement of ways to explain',
  columns: 2,
  schema,
  card,
  load: async () => (await import('./figure.ts')).figure,
} as const;
