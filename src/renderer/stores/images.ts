import { defineStore } from 'pinia';
import { shallowReactive, shallowRef } from 'vue';
import type { DatasetRecord } from '../../core/records.ts';
import { valuesPerImage } from '../../core/pixels.ts';
import { toUserError } from '../composables/userError.ts';
import type { UserError } from '../composables/userError.ts';
import { ByteLru } from '../examples/byteLru.ts';
import { TensorReader } from '../examples/tensorFile.ts';
import { useClient } from './client.ts';
import { useConnectionStore } from './connection.ts';
import { useDatasetsStore } from './datasets.ts';

const capacityBytes = 96 * 2 ** 20;
/** Images per call: few enough that what is in sight never waits long behind what is not. */
const mostPerCall = 2000;
const mostBytesPerCall = 8 * 2 ** 20;

/** Images of a set per call; all that may be of one that is not here. */
function batchSizeOf(datasets: readonly DatasetRecord[], datasetId: string): number {
  const format = datasets.find(({ id }) => id === datasetId);
  if (format === undefined) return mostPerCall;
  return Math.min(mostPerCall, Math.ceil(mostBytesPerCall / valuesPerImage(format)));
}

/** Why the images of data sets could not be loaded when they were last asked for. */
function createProblems() {
  const problems = shallowReactive(new Map<string, UserError>());
  return {
    problemOf: (datasetId: string): UserError | null => problems.get(datasetId) ?? null,
    /** The same problem again is no news: who shows it asks again, and would do so for ever. */
    keep: (datasetId: string, error: unknown): void => {
      const problem = toUserError(error);
      if (problems.get(datasetId)?.message !== problem.message) problems.set(datasetId, problem);
    },
    forget: (datasetId: string) => problems.delete(datasetId),
    forgetAll: () => {
      problems.clear();
    },
  };
}

/**
 * Pixels of test images, [imageSize, imageSize] or [imageSize, imageSize, 3] each, by the id of their data set (that of a run,
 * which its name here may not mean any more) and exampleId.
 */
export const useImagesStore = defineStore('images', () => {
  const client = useClient();
  const library = useDatasetsStore();
  const images = new ByteLru<string, Uint8Array>(capacityBytes);
  const asked = new Set<string>();
  const problems = createProblems();
  /** Counts up whenever images have arrived, or may now: what draws them reads it to be drawn again. */
  const version = shallowRef(0);

  const keyOf = (datasetId: string, exampleId: number): string => `${datasetId}/${exampleId}`;
  const imageOf = (datasetId: string, exampleId: number): Uint8Array | undefined =>
    images.get(keyOf(datasetId, exampleId));

  const isMissing = (datasetId: string, exampleId: number): boolean => {
    const key = keyOf(datasetId, exampleId);
    return !images.has(key) && !asked.has(key);
  };

  async function loadBatch(datasetId: string, indices: number[]): Promise<void> {
    for (const index of indices) asked.add(keyOf(datasetId, index));
    try {
      const blob = await client.datasets.images({ datasetId, split: 'test', indices });
      const reader = await TensorReader.fromBlob(blob, 'The file of images');
      const pixels = reader.bytes('images');
      const size = pixels.length / indices.length;
      indices.forEach((index, i) => {
        images.set(keyOf(datasetId, index), pixels.slice(i * size, (i + 1) * size), size);
      });
      problems.forget(datasetId);
      version.value += 1;
    } catch (error) {
      problems.keep(datasetId, error);
      throw error;
    } finally {
      for (const index of indices) asked.delete(keyOf(datasetId, index));
    }
  }

  /** Loads those of the images that are neither here nor on their way. */
  async function ensureImages(datasetId: string, exampleIds: Iterable<number>): Promise<void> {
    const missing = Array.from(exampleIds).filter((id) => isMissing(datasetId, id));
    const batchSize = batchSizeOf(library.datasets, datasetId);
    for (let i = 0; i < missing.length; i += batchSize) {
      await loadBatch(datasetId, missing.slice(i, i + batchSize));
    }
  }

  /** Loads images ahead, in this order, until `signal` aborts or there is no more room for them. */
  async function prefetchImages(
    datasetId: string,
    exampleIds: ArrayLike<number>,
    signal: AbortSignal,
  ): Promise<void> {
    const batchSize = batchSizeOf(library.datasets, datasetId);
    for (let i = 0; i < exampleIds.length; i += batchSize) {
      const isFull = images.bytes > capacityBytes / 2;
      if (signal.aborted || isFull) return;
      await ensureImages(datasetId, Array.prototype.slice.call(exampleIds, i, i + batchSize));
    }
  }

  // What was missing may have been imported; images that are here stay those of their id.
  useConnectionStore().listen(({ type }) => {
    if (type !== 'datasets' && type !== 'reset') return;
    problems.forgetAll();
    version.value += 1;
  });

  const { problemOf } = problems;
  return { version, imageOf, problemOf, ensureImages, prefetchImages };
});
