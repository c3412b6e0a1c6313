import { medmnistNames, medmnistSets, medmnistSizes } from './medmnist.ts';
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
export interface PublishedSet {
  title: string;
  format: ImportFormat;
  /** Where people find it. */
  page: string;
  files: readonly PublishedFile[];
  /** Of an archive: how the names of the files begin that are taken out of it. */
  prefix?: string;
}

const kmnist: PublishedSet = {
  title: 'KMNIST',
  format: 'idx',
  page: 'http://codh.rois.ac.jp/kmnist/',
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

/** One archive holds all six sets of EMNIST. */
const emnist = (variant: string): PublishedSet => ({
  title: `EMNIST ${variant}`,
  format: 'idx',
  page: 'https://www.nist.gov/itl/products-and-services/emnist-dataset',
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
  const { title, md5 } = medmnistSets[set];
  return medmnistSizes.map((size, i) => {
    const name = size === 28 ? set : `${set}_${size}`;
    const file: PublishedFile = {
      name: `${name}.npz`,
      url: `${medmnistRecord}/files/${name}.npz?download=1`,
      md5: md5[i] ?? '',
      mostBytes: medmnistBytes[i] ?? 0,
    };
    const words = size === 28 ? title : `${title}, ${size} pixels`;
    return [name, { title: words, format: 'npz', page: medmnistRecord, files: [file] }];
  });
}

/** By the names under which they are fetched. */
export const publishedSets: ReadonlyMap<string, PublishedSet> = new Map([
  ['cifar-10', cifar],
  ['kmnist', kmnist],
  ...['balanced', 'byclass', 'bymerge', 'digits', 'letters', 'mnist'].map(
    (variant) => [`emnist-${variant}`, emnist(variant)] as const,
  ),
  ...medmnistNames.flatMap(medmnist),
]);
