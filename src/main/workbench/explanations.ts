import { AfterimageError } from '../../core/errors.ts';
import type { Explanation, ExplanationsRequest } from '../../core/explainers/explanation.ts';
import type { ChosenExplainer } from '../../core/explainers/options.ts';
import type { DatasetContent } from '../../core/formats/datasetFile.ts';
import { imageAt, valuesPerImage } from '../../core/pixels.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import { runInThread } from '../platform/threads.ts';
import type { ExampleHistory } from '../store/examples/exampleHistory.ts';
import type { History } from '../store/history.ts';
import { gatherImage } from './explainedImage.ts';
import type { RunDatasets } from './runDatasets.ts';

const thread = new URL('../learning/explanationsThread.ts', import.meta.url);

/** Whose score is explained: what each epoch predicts, the truth, or a class by its number. */
export type ExplainedTarget = 'predicted' | 'label' | number;

export interface ExplanationQuery {
  runId: string;
  exampleId: number;
  /** `all` stored ones, or one; null the best. */
  epoch: number | null | 'all';
  target: ExplainedTarget;
  methods: readonly ChosenExplainer[];
  seed: number;
}

/** Training images that methods compare with: as many as a mean over them wants, evenly spaced. */
const backgroundImages = 32;

export function pickBackground(content: DatasetContent): Uint8Array {
  const { train } = content;
  const values = valuesPerImage(content);
  const count = Math.min(backgroundImages, train.labels.length);
  const background = new Uint8Array(count * values);
  for (let i = 0; i < count; i += 1) {
    const index = Math.floor((i * train.labels.length) / count);
    background.set(imageAt(train.images, index, content), i * values);
  }
  return background;
}

const targetAt = (stored: ExampleHistory, index: number, target: ExplainedTarget): number => {
  if (target === 'label') return stored.label;
  return target === 'predicted' ? (stored.predictedClasses[index] ?? 0) : target;
};

function checkClass(target: number, classes: number): void {
  if (target < classes) return;
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `The run has no class ${target}.`,
    `It has ${classes}, from 0 to ${classes - 1}.`,
  );
}

/** What epochs' networks make of one test image, by methods asked for: computed in a thread. */
export class Explanations {
  readonly #history: History;
  readonly #datasets: RunDatasets;

  constructor(history: History, datasets: RunDatasets) {
    this.#history = history;
    this.#datasets = datasets;
  }

  /**
   * Every method at every epoch asked for, epoch by epoch. Aborting ends the thread, and nothing of it
   * is kept. NOT_FOUND for an image or epoch that is not there.
   */
  async explain(query: ExplanationQuery, options: LongTaskOptions): Promise<Explanation[]> {
    const { runId, exampleId, epoch, target, methods, seed } = query;
    const stored = this.#history.examples.getHistory(runId, exampleId, epoch);
    if (typeof target === 'number') checkClass(target, stored.classes);
    const { explained, content } = await gatherImage(this.#history, this.#datasets, query);
    const epochs = Array.from(stored.epochs, (number, i) => ({
      epoch: number,
      targetClass: targetAt(stored, i, target),
      weights: this.#history.weights.get(runId, number).weights,
    }));
    const background = pickBackground(content);
    const request: ExplanationsRequest = { ...explained, methods, seed, background, epochs };
    return runInThread<Explanation[]>(thread, request, options);
  }
}
