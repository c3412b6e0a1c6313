import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { ByteLru } from '../examples/byteLru.ts';
import { TensorReader } from '../examples/tensorFile.ts';
import { useClient } from './client.ts';
import { useConnectionStore } from './connection.ts';

const capacityBytes = 96 * 2 ** 20;
/** Images per call: few enough that what is in sight never waits long behind what is not. */
const batchSize = 2000;

/** Grey levels of test images, [imageSize, imageSize] each, by data set and exampleId. */
export const useImagesStore = defineStore('images', () => {
  const client = useClient();
  const images = new ByteLru<string, Uint8Array>(capacityBytes);
  const asked = new Set<string>();
  /** Counts up whenever images have arrived: what draws them reads it to be drawn again. */
  const version = shallowRef(0);

  const keyOf = (dataset: string, exampleId: number): string => `${dataset}/${exampleId}`;
  const imageOf = (dataset: string, exampleId: number): Uint8Array | undefined =>
    images.get(keyOf(dataset, exampleId));

  const isMissing = (dataset: string, exampleId: number): boolean => {
    const key = keyOf(dataset, exampleId);
    return !images.has(key) && !asked.has(key);
  };

  async function loadBatch(dataset: string, indices: number[]): Promise<void> {
    for (const index of indices) asked.add(keyOf(dataset, index));
    try {
      const blob = await client.datasets.images({ dataset, split: 'test', indices });
      const reader = await TensorReader.fromBlob(blob, `The images of ${dataset}`);
      const pixels = reader.bytes('images');
      const size = pixels.length / indices.length;
      indices.forEach((index, i) => {
        images.set(keyOf(dataset, index), pixels.slice(i * size, (i + 1) * size), size);
      });
      version.value += 1;
    } finally {
      for (const index of indices) asked.delete(keyOf(dataset, index));
    }
  }

  /** Loads those of the images that are neither here nor on their way. */
  async function ensureImages(dataset: string, exampleIds: Iterable<number>): Promise<void> {
    const missing = Array.from(exampleIds).filter((id) => isMissing(dataset, id));
    for (let i = 0; i < missing.length; i += batchSize) {
      await loadBatch(dataset, missing.slice(i, i + batchSize));
    }
  }

  /** Loads images ahead, in this order, until `signal` aborts or there is no more room for them. */
  async function prefetchImages(
    dataset: string,
    exampleIds: ArrayLike<number>,
    signal: AbortSignal,
  ): Promise<void> {
    for (let i = 0; i < exampleIds.length; i += batchSize) {
      const isFull = images.bytes > capacityBytes / 2;
      if (signal.aborted || isFull) return;
      await ensureImages(dataset, Array.prototype.slice.call(exampleIds, i, i + batchSize));
    }
  }

  // A data set may have been imported anew under its old name.
  useConnectionStore().listen(({ type }) => {
    if (type === 'datasets' || type === 'reset') images.deleteWhere(() => true);
  });

  return { version, imageOf, ensureImages, prefetchImages };
});
