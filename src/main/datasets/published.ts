import type { PublishedEntry } from '../../shared/datasetCalls.ts';
import { AfterimageError } from '../../core/errors.ts';
import { valuesPerImage, type PixelFormat } from '../../core/pixels.ts';
import { storedBytes, type ImageChoices } from './imageChoices.ts';
import { medmnistNames, medmnistSets, medmnistSizes } from './medmnist.ts';
import { maxBytes } from './source.ts';
import type { ImportFormat } from './sourceReader.ts';

/** A file of a set as its makers publish it. */
export interface PublishedFile {
  name: string;
  url: string;
  /** Hex, as the makers or torchvision's data sets say. */
  md5: string;
  /** A server that sends more is not listened to any longer. */
  mostBytes: number;
}

/** A set that can be had from a public address; plain data, as it crosses processes. */
export interface PublishedSet extends PixelFormat {
  title: string;
  format: ImportFormat;
  /** Where people find it. */
  page: string;
  /** As its makers say; null where they say nothing. */
  licence: string | null;
  /** Of both splits. */
  images: number;
  /** Of all its files, about; null where it is known only that they are packed. */
  downloadBytes: number | null;
  files: readonly PublishedFile[];
  /** Of an archive: how the names of the files begin that are taken out of it. */
  prefix?: string;
}

/** As MNIST has them. */
const greyDigits = { imageSize: 28, channels: 1 } as const;

const kmnist: PublishedSet = {
  title: 'KMNIST',
  format: 'idx',
  page: 'http://codh.rois.ac.jp/kmnist/',
  licence: 'CC BY-SA 4.0',
  ...greyDigits,
  images: 70_000,
  downloadBytes: 21_200_000,
  files: (
    [
      ['train-images-idx3-ubyte.gz', 'bdb82020997e1d708af4cf47b453dcf7'],
      ['train-labels-idx1-ubyte.gz', 'e144d726b3acfaa3e44228e80efcd344'],
      ['t10k-images-idx3-ubyte.gz', '5c965bf0a639b31b8f53240b1b52f4d7'],
      ['t10k-labels-idx1-ubyte.gz', '7320c461ea6c1c855c0b718fb2a4b134'],
    ] as const
  ).map(([name, md5]) => ({
    name,
    url: `http://codh.rois.ac.jp/kmnist/dataset/kmnist/${name}`,
    md5,
    mostBytes: 2 ** 25,
  })),
};

/** Images of each set of EMNIST. */
const emnistImages = {
  balanced: 131_600,
  byclass: 814_255,
  bymerge: 814_255,
  digits: 280_000,
  letters: 145_600,
  mnist: 70_000,
} as const;

/** One archive holds all six sets of EMNIST. */
const emnist = (variant: keyof typeof emnistImages): PublishedSet => ({
  title: `EMNIST ${variant}`,
  format: 'idx',
  page: 'https://www.nist.gov/itl/products-and-services/emnist-dataset',
  licence: null,
  ...greyDigits,
  images: emnistImages[variant],
  downloadBytes: 561_753_746,
  files: [
    {
      name: 'gzip.zip',
      url: 'https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip',
      md5: '58c8d27c78d21e728a6bc7b3cc06412e',
      mostBytes: 2 ** 30,
    },
  ],
  prefix: `emnist-${variant}-`,
});

const cifar: PublishedSet = {
  title: 'CIFAR-10',
  format: 'cifar',
  page: 'https://www.cs.toronto.edu/~kriz/cifar.html',
  licence: null,
  ...{ imageSize: 32, channels: 3, images: 60_000, downloadBytes: 170_052_171 },
  files: [
    {
      name: 'cifar-10-binary.tar.gz',
      url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
      md5: 'c32a1d4ab5d03f1284b67883e8d87530',
      mostBytes: 2 ** 28,
    },
  ],
};

const medmnistRecord = 'https://zenodo.org/records/10519652';
/** By size: the largest set of 224 pixels in colour has 13 GB. */
const medmnistBytes = [2 ** 29, 2 ** 31, 2 ** 33, 2 ** 34] as const;

function medmnist(set: keyof typeof medmnistSets): [string, PublishedSet][] {
  const { title, md5, images, channels, license } = medmnistSets[set];
  return medmnistSizes.map((size, i) => {
    const name = size === 28 ? set : `${set}_${size}`;
    const file: PublishedFile = {
      name: `${name}.npz`,
      url: `${medmnistRecord}/files/${name}.npz?download=1`,
      md5: md5[i] ?? '',
      mostBytes: medmnistBytes[i] ?? 0,
    };
    const words = size === 28 ? title : `${title}, ${size} pixels`;
    const format = { imageSize: size, channels, images, downloadBytes: null, licence: license };
    return [name, { title: words, format: 'npz', page: medmnistRecord, ...format, files: [file] }];
  });
}

/** By the names under which they are fetched. */
export const publishedSets: ReadonlyMap<string, PublishedSet> = new Map([
  ['cifar-10', cifar],
  ['kmnist', kmnist],
  ...(Object.keys(emnistImages) as (keyof typeof emnistImages)[]).map(
    (variant) => [`emnist-${variant}`, emnist(variant)] as const,
  ),
  ...medmnistNames.flatMap(medmnist),
]);

/** The largest size that all images of a set could be stored with, pixels a side. */
const largestSize = ({ images, channels }: PublishedSet): number =>
  Math.floor(Math.sqrt((maxBytes / images - 1) / channels));

/**
 * INVALID_ARGUMENT where a set is larger than what can be stored: said before gigabytes are downloaded.
 */
export function checkFits(set: PublishedSet, choices: ImageChoices): void {
  const { title, images, imageSize, channels } = set;
  const bytes = images * (storedBytes({ width: imageSize, channels }, choices) + 1);
  if (bytes <= maxBytes) return;
  const largest = largestSize({ ...set, channels: choices.channels ?? channels });
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `${title} has ${images} images, which take ${(bytes / 2 ** 30).toFixed(1)} GiB; at most 2 GiB can be stored.`,
    `Have them scaled to ${largest} pixels a side or fewer (--resize), or fetch the set in a smaller size.`,
  );
}

/** What people choose a set by. */
export const describePublished = (sets: ReadonlyMap<string, PublishedSet>): PublishedEntry[] =>
  [...sets].map(([name, set]) => {
    const { title, page, licence, images, imageSize, channels, downloadBytes } = set;
    const storedBytes = images * (valuesPerImage(set) + 1);
    const facts = { images, imageSize, channels, downloadBytes, storedBytes };
    const largest = storedBytes > maxBytes ? largestSize(set) : null;
    return {
      name,
      title,
      page,
      licence,
      ...facts,
      largestSize: largest,
      isShared: set.prefix !== undefined,
    };
  });
