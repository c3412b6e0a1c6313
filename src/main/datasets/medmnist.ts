import { AfterimageError } from '../../core/errors.ts';
import type { Channels } from '../../core/pixels.ts';
import type { SourceContent } from './source.ts';

/** Sizes that MedMNIST is published in, pixels. */
export const medmnistSizes = [28, 64, 128, 224] as const;

export interface MedmnistSet {
  title: string;
  /** Of all parts together. */
  images: number;
  channels: Channels;
  /** In the order of their numbers. */
  classNames: readonly string[];
  /** MD5 of the files of each size, in the order of `medmnistSizes`. */
  md5: readonly [string, string, string, string];
  license: string;
}

/*
 * Names, counts, checksums and licences as MedMNIST's own package says (medmnist 3.0.2, info.py; Yang et al.,
 * MedMNIST v2, Scientific Data 2023; files at https://zenodo.org/records/10519652).
 */

const organs = [
  ...['bladder', 'femur-left', 'femur-right', 'heart', 'kidney-left', 'kidney-right'],
  ...['liver', 'lung-left', 'lung-right', 'pancreas', 'spleen'],
];

/** The 2D sets with one class per image. */
export const medmnistSets = {
  pathmnist: {
    title: 'PathMNIST',
    images: 107_180,
    channels: 3,
    classNames: [
      'adipose',
      'background',
      'debris',
      'lymphocytes',
      'mucus',
      'smooth muscle',
      'normal colon mucosa',
      'cancer-associated stroma',
      'colorectal adenocarcinoma epithelium',
    ],
    md5: [
      'a8b06965200029087d5bd730944a56c1',
      '55aa9c1e0525abe5a6b9d8343a507616',
      'ac42d08fb904d92c244187169d1fd1d9',
      '2c51a510bcdc9cf8ddb2af93af1eadec',
    ],
    license: 'CC BY 4.0',
  },
  dermamnist: {
    title: 'DermaMNIST',
    images: 10_015,
    channels: 3,
    classNames: [
      'actinic keratoses and intraepithelial carcinoma',
      'basal cell carcinoma',
      'benign keratosis-like lesions',
      'dermatofibroma',
      'melanoma',
      'melanocytic nevi',
      'vascular lesions',
    ],
    md5: [
      '0744692d530f8e62ec473284d019b0c7',
      'b70a2f5635c6199aeaa28c31d7202e1f',
      '2defd784463fa5243564e855ed717de1',
      '8974907d8e169bef5f5b96bc506ae45d',
    ],
    license: 'CC BY-NC 4.0',
  },
  octmnist: {
    title: 'OCTMNIST',
    images: 109_309,
    channels: 1,
    classNames: ['choroidal neovascularization', 'diabetic macular edema', 'drusen', 'normal'],
    md5: [
      'c68d92d5b585d8d81f7112f81e2d0842',
      'e229e9440236b774d9f0dfef9d07bdaf',
      '0a97e76651ace45c5d943ee3f65b63ae',
      'abc493b6d529d5de7569faaef2773ba3',
    ],
    license: 'CC BY 4.0',
  },
  pneumoniamnist: {
    title: 'PneumoniaMNIST',
    images: 5_856,
    channels: 1,
    classNames: ['normal', 'pneumonia'],
    md5: [
      '28209eda62fecd6e6a2d98b1501bb15f',
      '8f4eceb4ccffa70c672198ea285246c6',
      '05b46931834c231683c68f40c47b2971',
      'd6a3c71de1b945ea11211b03746c1fe1',
    ],
    license: 'CC BY 4.0',
  },
  breastmnist: {
    title: 'BreastMNIST',
    images: 780,
    channels: 1,
    classNames: ['malignant', 'normal, benign'],
    md5: [
      '750601b1f35ba3300ea97c75c52ff8f6',
      '742edef2a1fd1524b2efff4bd7ba9364',
      '363e4b3f8d712e9b5de15470a2aaadf1',
      'b56378a6eefa9fed602bb16d192d4c8b',
    ],
    license: 'CC BY 4.0',
  },
  bloodmnist: {
    title: 'BloodMNIST',
    images: 17_092,
    channels: 3,
    classNames: [
      'basophil',
      'eosinophil',
      'erythroblast',
      'immature granulocytes(myelocytes, metamyelocytes and promyelocytes)',
      'lymphocyte',
      'monocyte',
      'neutrophil',
      'platelet',
    ],
    md5: [
      '7053d0359d879ad8a5505303e11de1dc',
      '2b94928a2ae4916078ca51e05b6b800b',
      'adace1e0ed228fccda1f39692059dd4c',
      'b718ff6835fcbdb22ba9eacccd7b2601',
    ],
    license: 'CC BY 4.0',
  },
  tissuemnist: {
    title: 'TissueMNIST',
    images: 236_386,
    channels: 1,
    classNames: [
      'Collecting Duct, Connecting Tubule',
      'Distal Convoluted Tubule',
      'Glomerular endothelial cells',
      'Interstitial endothelial cells',
      'Leukocytes',
      'Podocytes',
      'Proximal Tubule Segments',
      'Thick Ascending Limb',
    ],
    md5: [
      'ebe78ee8b05294063de985d821c1c34b',
      '123ece2eba09d0aa5d698fda57103344',
      '61b955355d7425a89687b06cca3ce0c2',
      'b077128c4a949f0a4eb01517f9037b9c',
    ],
    license: 'CC BY 4.0',
  },
  organamnist: {
    title: 'OrganAMNIST',
    images: 58_830,
    channels: 1,
    classNames: organs,
    md5: [
      '68e3f8846a6bd62f0c9bf841c0d9eacc',
      '2dcccc29b88e6da5a01161ef20cda288',
      'eeae80d0a227a8d099027e1b3cfd3b60',
      '50747347e05c87dd3aaf92c49f9f3170',
    ],
    license: 'CC BY 4.0',
  },
  organcmnist: {
    title: 'OrganCMNIST',
    images: 23_583,
    channels: 1,
    classNames: organs,
    md5: [
      'b9ceb9546e10131b32923c5bbeaea2b1',
      '3ce34a8724ea6f548e6db4744d03b6a9',
      '773c1f009daa3fe5d9a2a201b2a7ed94',
      '050f5e875dc056f6768abf94ec9995d1',
    ],
    license: 'CC BY 4.0',
  },
  organsmnist: {
    title: 'OrganSMNIST',
    images: 25_211,
    channels: 1,
    classNames: organs,
    md5: [
      '9ab87b696fb54e2a387ebe992d6ed5f1',
      '53a6d115339d874c25e309a994ff46d3',
      'ded0c5fa01a95dc4978b956f613e9b8e',
      'b354719e553fbbb2513d5533f52a4cb1',
    ],
    license: 'CC BY 4.0',
  },
} as const satisfies Record<string, MedmnistSet>;

export type MedmnistName = keyof typeof medmnistSets;
export const medmnistNames = Object.keys(medmnistSets) as MedmnistName[];

/** Sets that are no question of one class among several, and what they are instead. */
const otherTasks: Readonly<Record<string, string>> = {
  chestmnist: 'has several labels per image (multi-label)',
  retinamnist: 'has grades that are in an order (ordinal regression)',
};

/** `pathmnist.npz`, `pathmnist_224.npz` and their like. */
const fileName = /^([a-z]+mnist)(_\d+)?\.npz$/i;

const setNameOf = (file: string): string => fileName.exec(file)?.[1]?.toLowerCase() ?? '';

/** INVALID_ARGUMENT for files that are known by their names to be of another task. */
export function checkTask(file: string): void {
  const task = otherTasks[setNameOf(file)];
  if (task === undefined) return;
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `${file} ${task}; here networks tell classes apart, one per image.`,
    'Choose another set, or write the file anew under another name with one class per image.',
  );
}

/** The classes of a file of MedMNIST's under their names, where they are those that it has there. */
export function nameMedmnistClasses(content: SourceContent, file: string): SourceContent {
  const name = setNameOf(file);
  if (!Object.hasOwn(medmnistSets, name)) return content;
  const { title, classNames } = medmnistSets[name as MedmnistName];
  const isSame = content.classNames.join() === [...classNames.keys()].join();
  if (!isSame) return content;
  return { ...content, classNames, notes: [...content.notes, `classes are called as in ${title}`] };
}
