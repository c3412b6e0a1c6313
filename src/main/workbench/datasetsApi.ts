import { homedir } from 'node:os';
import type { DatasetLibrary } from '../datasets/library.ts';
import { lookAt } from '../datasets/look.ts';
import type { DatasetContent, DatasetSplit } from '../../core/formats/datasetFile.ts';
import type { WorkbenchEvent } from '../../shared/events.ts';
import { AfterimageError, invalidArgument } from '../../core/errors.ts';
import { gatherImages, shapeOfImages } from '../../core/pixels.ts';
import { encodeSafetensors } from '../../core/formats/safetensors.ts';
import { streamTask } from '../platform/longTask.ts';
import type { WorkbenchApi } from '../router.ts';

/** How many data sets stay in memory for viewers; MNIST takes 55 MB. */
const cachedSets = 2;

/** Whole data sets by id, the most recently used ones kept. */
export class DatasetCache {
  readonly library: DatasetLibrary;
  readonly #loading = new Map<string, Promise<DatasetContent>>();

  constructor(library: DatasetLibrary) {
    this.library = library;
  }

  /** Errors as of `DatasetLibrary.find`. */
  async load(id: string): Promise<DatasetContent> {
    const { record } = await this.library.find(id);
    const loading = this.#loading.get(record.id) ?? this.library.load(record);
    this.#loading.delete(record.id);
    this.#loading.set(record.id, loading);
    const [oldest] = this.#loading.keys();
    if (this.#loading.size > cachedSets && oldest !== undefined) this.#loading.delete(oldest);
    try {
      return await loading;
    } catch (error) {
      this.#loading.delete(record.id);
      throw error;
    }
  }
}

/** What a split has of the images at some indices, in their order. */
export function selectImages(
  content: DatasetContent,
  split: 'train' | 'test',
  indices: readonly number[],
): DatasetSplit {
  const source = content[split];
  const missing = indices.find((index) => index >= source.labels.length);
  if (missing !== undefined) {
    throw new AfterimageError(
      'NOT_FOUND',
      `There is no ${split} image ${missing}; the last one is ${source.labels.length - 1}.`,
      'Choose a smaller index.',
    );
  }
  return {
    images: gatherImages(source.images, indices, content),
    labels: Uint8Array.from(indices, (index) => source.labels[index] ?? 0),
    masks: source.masks && gatherImages(source.masks, indices, { ...content, channels: 1 }),
  };
}

/** A safetensors file as it crosses the contract. */
export const toBlob = (file: Uint8Array): Blob => new Blob([file as Uint8Array<ArrayBuffer>]);

/** As a shell reads a path: ~ is the home of whoever runs the workbench; a page has no shell. */
const atHome = <T extends { path: string }>(request: T): T => ({
  ...request,
  path: request.path.replace(/^~(?=$|[\\/])/, homedir()),
});

const noDialog = (): AfterimageError =>
  invalidArgument(
    'There is no dialog of the system to choose a path in.',
    'Give the path; look says what lies where.',
  );

export function buildDatasetsApi(parts: {
  library: DatasetLibrary;
  cache: DatasetCache;
  list: () => ReturnType<WorkbenchApi['datasets']['list']>;
  publish: (event: WorkbenchEvent) => void;
}): WorkbenchApi['datasets'] {
  const { library, cache, list, publish } = parts;
  const announce = <T>(result: T): T => {
    publish({ type: 'datasets' });
    return result;
  };
  return {
    list,
    images: async ({ datasetId, split, indices }) => {
      const content = await cache.load(datasetId);
      const { images, labels } = selectImages(content, split, indices);
      const tensors = {
        images: { shape: shapeOfImages(indices.length, content), values: images },
        labels: { shape: [indices.length], values: labels },
      };
      return toBlob(encodeSafetensors({ tensors, metadata: {} }));
    },
    look: (request) => lookAt(atHome(request).path),
    // The shell answers it in this one's place.
    choose: () => Promise.reject(noDialog()),
    preview: (request, { signal }) => library.preview(atHome(request), signal ? { signal } : {}),
    import: (request, { signal }) =>
      streamTask(
        async (onProgress, ending) =>
          announce(await library.import(atHome(request), { onProgress, signal: ending })),
        signal,
      ),
    renameClass: async ({ datasetId, label, name }) =>
      announce(await library.renameClass(datasetId, label, name)),
    published: () => Promise.resolve(library.listPublished()),
    fetch: (request, { signal }) =>
      streamTask(
        async (onProgress, ending) =>
          announce(await library.fetch(request, { onProgress, signal: ending })),
        signal,
      ),
  };
}
