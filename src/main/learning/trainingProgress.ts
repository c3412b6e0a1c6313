import { z } from 'zod';
import { Random } from '../../core/random.ts';
import { cut } from './dataset/batches.ts';
import type { BatchTerms, TermValues } from './objective/batchTerms.ts';
import { noHistory, recordValidation } from './optimizer/schedule.ts';

const countSchema = z.number().int().min(0);

const sumsSchema = z.object({
  images: countSchema,
  loss: z.number(),
  /** By term, as its objective names them. */
  terms: z.record(z.string(), z.number()),
  nanBatches: countSchema,
  correct: countSchema,
});

/** What a run in training consists of besides its weights, as JSON can hold it. */
export const trainingProgressSchema = z.object({
  /** Epoch under way and the steps done in it; 0 until the untrained network has been evaluated. */
  epoch: countSchema,
  step: countSchema,
  optimizerSteps: countSchema,
  /** Sums over the images of this epoch so far. */
  sums: sumsSchema,
  /** What early stopping and the plateau schedule go by. */
  history: z.object({
    /** Null stands for infinity: no epoch has been validated. */
    best: z.number().nullable(),
    bestEpoch: countSchema,
    epochsSinceBest: countSchema,
    reductions: countSchema,
    epochsSinceReduction: countSchema,
  }),
  /** Training time of this epoch so far. */
  elapsedMs: z.number().min(0),
  /** How long the model's own work after this epoch's steps took; absent until it is through. */
  adjustmentMs: z.number().min(0).optional(),
  /** Of the generator that the order of images comes from. */
  randomState: z.array(z.number()),
});

/**
 * Where a run in training is: with the weights, all that decides how it goes on. A value that never
 * changes; each function below gives the one that comes next, and a checkpoint is such a value.
 */
export type TrainingProgress = Readonly<z.infer<typeof trainingProgressSchema>> & {
  /** Order of the training images in this epoch; empty before its first step. */
  readonly permutation: Uint32Array;
};
export type EpochSums = Readonly<z.infer<typeof sumsSchema>>;

export const noSums: EpochSums = { images: 0, loss: 0, terms: {}, nanBatches: 0, correct: 0 };

export const beginTraining = (random: Random): TrainingProgress => ({
  epoch: 0,
  step: 0,
  optimizerSteps: 0,
  sums: noSums,
  history: noHistory,
  elapsedMs: 0,
  randomState: [...random.state],
  permutation: new Uint32Array(0),
});

/** Draws the order of an epoch's images, before its first step. */
export function orderImages(progress: TrainingProgress, images: Uint32Array): TrainingProgress {
  if (progress.step > 0) return progress;
  const random = Random.fromState(progress.randomState);
  const permutation = random.shuffle(images.slice());
  return { ...progress, permutation, randomState: [...random.state] };
}

/**
 * The images of the next steps, `most` at most, all of as many: an epoch's last, smaller step comes alone.
 * None at the epoch's end.
 */
export function batchesAhead(
  { permutation, step }: TrainingProgress,
  batchSize: number,
  most: number,
): Uint32Array[] {
  const left = permutation.subarray(step * batchSize);
  const whole = Math.min(most, Math.floor(left.length / batchSize));
  return [...cut(left.subarray(0, Math.max(1, whole) * batchSize), batchSize)];
}

/** Weighs a batch by its images, except what counts. */
export function addTerms(sums: EpochSums, batch: BatchTerms, images: number): EpochSums {
  const added = Object.entries(batch.terms).map(([name, value]) => [
    name,
    (sums.terms[name] ?? 0) + value * images,
  ]);
  return {
    images: sums.images + images,
    loss: sums.loss + batch.loss * images,
    terms: Object.fromEntries(added) as Record<string, number>,
    nanBatches: sums.nanBatches + batch.nanBatch,
    correct: sums.correct + batch.correct,
  };
}

/** After steps on `images` each that took `ms` since the one before them. */
export const endSteps = (
  progress: TrainingProgress,
  { rows, images, ms }: { rows: readonly BatchTerms[]; images: number; ms: number },
): TrainingProgress => ({
  ...progress,
  step: progress.step + rows.length,
  optimizerSteps: progress.optimizerSteps + rows.length,
  sums: rows.reduce((sums, terms) => addTerms(sums, terms, images), progress.sums),
  elapsedMs: progress.elapsedMs + ms,
});

/** At the start of the epoch after one, which has this validation loss; see `recordValidation`. */
export const endEpoch = (
  progress: TrainingProgress,
  validationLoss: number,
  plateauPatience: number,
): TrainingProgress => ({
  ...progress,
  epoch: progress.epoch + 1,
  step: 0,
  sums: noSums,
  history:
    progress.epoch === 0
      ? progress.history
      : recordValidation(progress.history, progress.epoch, validationLoss, plateauPatience),
  elapsedMs: 0,
  adjustmentMs: undefined,
  permutation: new Uint32Array(0),
});

/** Means over the images of an epoch so far; null stands for what there is none of. */
export interface Means {
  loss: number | null;
  terms: TermValues;
  accuracy: number | null;
}

export const noMeans: Means = { loss: null, terms: {}, accuracy: null };

export const meansOf = ({ images, loss, terms, correct }: EpochSums) => ({
  loss: loss / images,
  terms: Object.fromEntries(
    Object.entries(terms).map(([name, sum]) => [name, sum / images]),
  ) as TermValues,
  accuracy: correct / images,
});
