import type { DatasetContent } from '../../../core/formats/datasetFile.ts';
import { Random } from '../../../core/random.ts';
import type { TrainerJob } from '../../../shared/trainerEvents.ts';

/** Keeps these draws apart from all others that a run's seed begins. */
const purpose = 0x5bd1e995;

/**
 * The images and labels that a run learns from: where its configuration says so, the training images
 * exchange their labels, as many of each class as before. Those of validation and test keep theirs.
 */
export function prepareLabels(
  content: DatasetContent,
  { config, split, seed }: Pick<TrainerJob, 'config' | 'split' | 'seed'>,
): DatasetContent {
  if (config.data.permuteLabels === 'none') return content;
  const labels = content.train.labels.slice();
  const order = Random.fromSeed((seed ^ purpose) >>> 0).shuffle(split.train.slice());
  split.train.forEach((index, i) => {
    labels[index] = content.train.labels[order[i] ?? index] ?? 0;
  });
  return { ...content, train: { ...content.train, labels } };
}
