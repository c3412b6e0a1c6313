import type { EpochMetrics } from '../../core/records.ts';
import { countsSteps, type TrainerProgress } from '../../shared/trainerEvents.ts';

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Share of an epoch's time that validation and evaluation take, until an epoch has told. */
const assumedEvaluationShare = 0.12;

/**
 * Time until a run's last epoch is stored, from what its epochs took so far and, before there is one,
 * from the speed of its first steps. Null while nothing is known.
 *
 * @param epochs of the run, epoch 0 included
 * @param batchSize images per step
 */
export function estimateRemainingMs(
  progress: TrainerProgress,
  epochs: readonly EpochMetrics[],
  batchSize: number,
): number | null {
  const trained = epochs.filter(({ epoch }) => epoch > 0);
  const trainingMs =
    progress.imagesPerSecond > 0
      ? ((progress.steps * batchSize) / progress.imagesPerSecond) * 1000
      : null;
  const epochMs =
    trained.length > 0
      ? mean(trained.map(({ durationMs }) => durationMs))
      : trainingMs && trainingMs / (1 - assumedEvaluationShare);
  if (epochMs === null) return null;
  const later = (progress.epochs - progress.epoch) * epochMs;
  if (progress.epoch === 0) return later;
  const evaluationMs =
    trained.length > 0
      ? mean(trained.map((metrics) => metrics.evaluationMs))
      : epochMs * assumedEvaluationShare;
  const left = 1 - progress.step / progress.steps;
  return countsSteps(progress)
    ? later + left * (epochMs - evaluationMs) + evaluationMs
    : later + left * evaluationMs;
}

/**
 * Wall clock of several runs trained `jobs` at a time, each on the first trainer that is free.
 *
 * @param durationsMs of each run alone
 */
export function estimateMakespanMs(durationsMs: readonly number[], jobs: number): number {
  const freeAt = new Array<number>(jobs).fill(0);
  for (const duration of durationsMs) {
    const next = freeAt.indexOf(Math.min(...freeAt));
    freeAt[next] = (freeAt[next] ?? 0) + duration;
  }
  return Math.max(...freeAt);
}
