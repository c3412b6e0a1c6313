import type { RunConfig } from '../../core/config/runConfig.ts';
import { isBuiltinName } from '../datasets/builtin.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import { computeSplit } from '../datasets/split.ts';
import type { History } from '../store/history.ts';

/** Labels with these counts per class, in order of class. */
const makeLabels = (counts: readonly number[]): Uint8Array =>
  Uint8Array.from(counts.flatMap((count, label) => new Array<number>(count).fill(label)));

/**
 * Throws where a run could not even begin, before it is stored: NOT_FOUND for an unknown data set,
 * INVALID_ARGUMENT for subsets that the set does not have. A built-in set that has not been made
 * available yet is not waited for; its runs find out when they start.
 */
export async function checkRuns(
  configs: readonly RunConfig[],
  { history, library }: { history: History; library: DatasetLibrary },
): Promise<void> {
  const checked = new Set<string>();
  for (const { data } of configs) {
    const { dataset, trainExamples, testExamples, testFraction, validationFraction } = data;
    const sizes = [dataset, trainExamples, testExamples, testFraction, validationFraction];
    const isLater = isBuiltinName(dataset) && history.datasets.get(dataset) === null;
    if (isLater || checked.has(JSON.stringify(sizes))) continue;
    checked.add(JSON.stringify(sizes));
    const { record } = await library.resolve(dataset);
    computeSplit(makeLabels(record.trainCounts), makeLabels(record.testCounts), data);
  }
}
