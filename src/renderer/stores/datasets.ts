import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { Api } from '../api.ts';
import type { DatasetPreview, Place, PublishedEntry } from '../../shared/datasetCalls.ts';
import type { Channels, PixelFormat } from '../../core/pixels.ts';
import type { DatasetRecord } from '../../core/records.ts';
import { decodeSafetensors } from '../../core/formats/safetensors.ts';
import { fromBase64 } from '../examples/tensorFile.ts';
import { toUserError } from '../composables/userError.ts';
import type { UserError } from '../composables/userError.ts';
import { useClient } from './client.ts';
import { useConnectionStore } from './connection.ts';
import { useTasksStore } from './tasks.ts';

export const importFormats = ['idx', 'npz', 'folder', 'cifar'] as const;
export type ImportFormat = (typeof importFormats)[number];

/** What becomes of images on the way into the library. */
export interface ImageChoices {
  /** Height and width that images are brought to, pixels; null: as they are. */
  resize: number | null;
  /** 1: luminance, 3: red, green and blue; null: as they are. */
  channels: Channels | null;
}

/** What is to be read, and what becomes of its images. */
export interface ImportSource extends ImageChoices {
  format: ImportFormat;
  path: string;
}

/** Images of one split: pixels U8 [N, S, S] or [N, S, S, 3] and labels U8 [N]. */
export interface ImageBatch extends PixelFormat {
  images: Uint8Array;
  labels: Uint8Array;
}

/** Images as calls give them: a safetensors file, whose name is for errors. */
function readBatch(bytes: Uint8Array, name: string): ImageBatch {
  const { images, labels } = decodeSafetensors(bytes, name).tensors;
  return {
    images: images?.values as Uint8Array,
    labels: labels?.values as Uint8Array,
    imageSize: images?.shape[1] ?? 0,
    channels: images?.shape.length === 4 ? 3 : 1,
  };
}

/** What would be read, with a few training images of each class. */
export type SampledPreview = Omit<DatasetPreview, 'samples'> & { samples: ImageBatch };

/** The list of data sets, of which only the newest answer counts. */
function createDatasetList({ datasets: calls }: Api['client']) {
  const datasets = shallowRef<readonly DatasetRecord[]>([]);
  const state = ref<'loading' | 'ready' | 'failed'>('loading');
  const error = shallowRef<UserError | null>(null);
  let loads = 0;

  async function load(): Promise<void> {
    const thisLoad = (loads += 1);
    try {
      const listed = await calls.list({});
      if (thisLoad !== loads) return;
      datasets.value = listed;
      error.value = null;
      state.value = 'ready';
    } catch (caught) {
      if (thisLoad !== loads) return;
      error.value = toUserError(caught);
      state.value = 'failed';
    }
  }

  const datasetOf = (name: string): DatasetRecord | undefined =>
    datasets.value.find((dataset) => dataset.name === name);
  /** What can be fetched besides the built-in sets: always the same. */
  const published = shallowRef<readonly PublishedEntry[]>([]);
  async function loadPublished(): Promise<void> {
    if (published.value.length > 0) return;
    try {
      published.value = await calls.published({});
    } catch (caught) {
      error.value = toUserError(caught);
    }
  }

  return { datasets, state, error, load, datasetOf, published, loadPublished };
}

const fetchKey = (name: string): string => `fetch:${name}`;
const importKey = 'import';

/** The library of data sets, kept current. */
export const useDatasetsStore = defineStore('datasets', () => {
  const client = useClient();
  const tasks = useTasksStore();
  const list = createDatasetList(client);

  useConnectionStore().listen(({ type }) => {
    if (type === 'datasets' || type === 'reset') void list.load();
  });

  /** Images in the order of `indices`, at most 10,000. */
  async function loadImages(
    { id: datasetId, name }: Pick<DatasetRecord, 'id' | 'name'>,
    split: 'train' | 'test',
    indices: number[],
    signal?: AbortSignal,
  ): Promise<ImageBatch> {
    const options = signal === undefined ? {} : { signal };
    const file = await client.datasets.images({ datasetId, split, indices }, options);
    return readBatch(await file.bytes(), `Images of ${name}`);
  }

  return {
    ...list,
    loadImages,
    preview: async (source: ImportSource, signal: AbortSignal): Promise<SampledPreview> => {
      const { samples, ...preview } = await client.datasets.preview(source, { signal });
      return { ...preview, samples: readBatch(fromBase64(samples), 'The samples') };
    },
    look: (path: string, signal?: AbortSignal): Promise<Place> =>
      client.datasets.look({ path }, signal === undefined ? {} : { signal }),
    /** By the system's own dialog, in the shell; null where none was chosen. */
    choosePath: async (kind: 'file' | 'folder') => (await client.datasets.choose({ kind })).path,
    fetch: (
      name: string,
      choices: Partial<ImageChoices> = {},
    ): Promise<DatasetRecord | undefined> =>
      tasks.run<DatasetRecord>(fetchKey(name), `Fetch ${name}`, (signal) =>
        client.datasets.fetch({ name, ...choices }, { signal }),
      ),
    importFrom: (source: ImportSource, name: string) =>
      tasks.run<DatasetRecord>(importKey, `Import ${name}`, (signal) =>
        client.datasets.import({ ...source, name }, { signal }),
      ),
    /** Calls a class otherwise; throws what the workbench says against it. */
    renameClass: async (
      { id: datasetId }: Pick<DatasetRecord, 'id'>,
      label: number,
      name: string,
    ) => {
      await client.datasets.renameClass({ datasetId, label, name });
      await list.load();
    },
    fetchTask: (name: string) => tasks.taskOf(fetchKey(name)),
    importTask: () => tasks.taskOf(importKey),
  };
});
