import { z } from 'zod';
import { AfterimageError } from '../../core/errors.ts';
import {
  decodeSafetensors,
  encodeSafetensors,
  type NamedTensor,
} from '../../core/formats/safetensors.ts';

const validationHistorySchema = z.object({
  /** Null stands for infinity: no epoch has been validated. */
  best: z.number().nullable(),
  bestEpoch: z.number().int(),
  epochsSinceBest: z.number().int(),
  reductions: z.number().int(),
  epochsSinceReduction: z.number().int(),
});

const progressSchema = z.object({
  /** Epoch under way and the steps done in it; 0 until the untrained network has been evaluated. */
  epoch: z.number().int(),
  step: z.number().int(),
  optimizerSteps: z.number().int(),
  /** Sums over the images of this epoch so far. */
  sums: z.object({
    images: z.number(),
    loss: z.number(),
    crossEntropy: z.number(),
    contrastive: z.number(),
    nanBatches: z.number(),
    correct: z.number(),
  }),
  history: validationHistorySchema,
  /** Training time of this epoch so far. */
  elapsedMs: z.number(),
  randomState: z.array(z.number()),
});
export type TrainingProgress = z.infer<typeof progressSchema>;
export type EpochSums = TrainingProgress['sums'];

export const noSums: EpochSums = {
  images: 0,
  loss: 0,
  crossEntropy: 0,
  contrastive: 0,
  nanBatches: 0,
  correct: 0,
};

/** Everything that decides how training goes on, and nothing else. */
export interface Checkpoint {
  progress: TrainingProgress;
  /** Order of the training images in this epoch; empty before its first step. */
  permutation: Uint32Array;
  /** Parameters, running statistics and optimizer slots, in the order of the step's inputs. */
  state: Float32Array[];
}

export function encodeCheckpoint({ progress, permutation, state }: Checkpoint): Uint8Array {
  const tensors: Record<string, NamedTensor> = {
    permutation: { shape: [permutation.length], values: permutation },
  };
  state.forEach((values, i) => {
    tensors[`state/${i}`] = { shape: [values.length], values };
  });
  return encodeSafetensors({ tensors, metadata: { progress: JSON.stringify(progress) } });
}

/** @param stateSizes the lengths that the model and the optimizer of the run's config have */
export function decodeCheckpoint(bytes: Uint8Array, stateSizes: readonly number[]): Checkpoint {
  const { tensors, metadata } = decodeSafetensors(bytes, 'the checkpoint');
  const corrupt = (what: string): AfterimageError =>
    new AfterimageError(
      'CORRUPT_INPUT',
      `The run's checkpoint cannot be used: ${what}.`,
      'Start the run again; its stored epochs stay as they are.',
    );
  const progress = progressSchema.safeParse(JSON.parse(metadata['progress'] ?? 'null'));
  if (!progress.success) throw corrupt('its progress is damaged');
  const permutation = tensors['permutation']?.values;
  if (!(permutation instanceof Uint32Array)) throw corrupt('it has no permutation');
  const state = stateSizes.map((size, i) => {
    const values = tensors[`state/${i}`]?.values;
    if (!(values instanceof Float32Array) || values.length !== size) {
      throw corrupt(`state vector ${i} does not fit the model`);
    }
    return values;
  });
  return { progress: progress.data, permutation, state };
}
