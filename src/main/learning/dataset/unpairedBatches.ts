import { listPairTerms } from '../../../core/config/objectives/pairs.ts';
import type { RunConfig } from '../../../core/config/runConfig.ts';
import { cut } from './batches.ts';

/**
 * How many batches of an epoch lack pairs that a term of the objective learns from; nothing where no term
 * compares the images of a batch, or none was trained on.
 *
 * @param labels of all training images
 * @param order the epoch's images, one batch after the other
 */
export function countUnpaired(
  { objective, training }: Pick<RunConfig, 'objective' | 'training'>,
  labels: Uint8Array,
  order: Uint32Array,
): { unpairedBatches?: number } {
  const terms = listPairTerms(objective);
  if (terms.length === 0 || order.length === 0) return {};
  const batches = [...cut(order, training.batchSize)].map((indices) =>
    Array.from(indices, (index) => labels[index] ?? 0),
  );
  const unpaired = batches.filter((batch) => terms.some(({ lacks }) => lacks(batch)));
  return { unpairedBatches: unpaired.length };
}
