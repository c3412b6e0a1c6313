import { z } from 'zod';

/** What a run takes of the history, by kind. */
export const sizeKinds = [
  {
    name: 'maps',
    title: 'Maps',
    description: 'class activation maps of every test image and epoch',
  },
  {
    name: 'predictions',
    title: 'Predictions',
    description: 'probabilities and measures of every test image and epoch',
  },
  { name: 'weights', title: 'Weights', description: 'the network after every epoch' },
  {
    name: 'checkpoint',
    title: 'Checkpoint',
    description: 'the state from which the run goes on, or is trained further',
  },
  { name: 'audits', title: 'Audits', description: 'what audits say of each image' },
] as const;
export type SizeKind = (typeof sizeKinds)[number]['name'];

const bytes = z.number().int().min(0);
/** Bytes. */
export const runSizesSchema = z.object({
  maps: bytes,
  predictions: bytes,
  weights: bytes,
  checkpoint: bytes,
  audits: bytes,
});
export type RunSizes = z.infer<typeof runSizesSchema>;

export const noSizes: RunSizes = { maps: 0, predictions: 0, weights: 0, checkpoint: 0, audits: 0 };

export const totalOf = (sizes: RunSizes): number =>
  sizeKinds.reduce((sum, { name }) => sum + sizes[name], 0);

/** What several runs take together. */
export function addSizes(all: readonly RunSizes[]): RunSizes {
  const sum = { ...noSizes };
  for (const sizes of all) for (const { name } of sizeKinds) sum[name] += sizes[name];
  return sum;
}
