import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import { openPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { AfterimageError } from '../../core/errors.ts';
import { ByteStream } from '../platform/byteStream.ts';
import { findSourceSize } from '../platform/files.ts';
import { computeFileChecksum } from '../platform/hashes.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import { asTheyAre, storedBytes, type ImageChoices } from './imageChoices.ts';
import { checkTask, nameMedmnistClasses } from './medmnist.ts';
import {
  countLabels,
  decodeLabels,
  measureImages,
  takeNpy,
  takeNpyHeader,
  takeNpyImages,
  takeNpyMasks,
} from './npy.ts';
import { checkMaskHeader, findMasks, type Part, type PartMasks } from './npzMasks.ts';
import { Allowance, checkAlike, checkSplit, corruptInput, joinNumberedSplits } from './source.ts';
import type { LabelledImages, SourceContent } from './source.ts';

/** Names of images and labels per split. */
type Layout = Record<Part, readonly [string, string]>;

const layouts: readonly Layout[] = [
  { train: ['x_train', 'y_train'], validation: ['x_val', 'y_val'], test: ['x_test', 'y_test'] },
  {
    train: ['train_images', 'train_labels'],
    validation: ['val_images', 'val_labels'],
    test: ['test_images', 'test_labels'],
  },
];

const suffix = '.npy';
/** Far more than any archive of a data set has; NumPy writes one for each array. */
const mostEntries = 10_000;

interface Archive {
  zip: ZipFile;
  /** Every entry by its name in the archive, without `.npy`. */
  entries: ReadonlyMap<string, Entry>;
  path: string;
}

async function openArchive(path: string): Promise<Archive> {
  const zip = await openPromise(path, { autoClose: false, lazyEntries: true });
  try {
    if (zip.entryCount > mostEntries) throw new RangeError(`${zip.entryCount} entries`);
    const entries = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) entries.set(basename(entry.fileName, suffix), entry);
    return { zip, entries, path };
  } catch (error) {
    zip.close();
    throw error;
  }
}

/** What comes of an entry, compared with its checksum at the end, which yauzl does not. */
async function* checkPieces(
  pieces: AsyncIterable<Uint8Array>,
  { crc32: expected, fileName }: Entry,
): AsyncGenerator<Uint8Array> {
  let sum = 0;
  for await (const piece of pieces) {
    sum = crc32(piece, sum);
    yield piece;
  }
  if (sum !== expected) throw new RangeError(`CRC-32 of ${fileName}`);
}

/** Reads from an array of the archive, which is unpacked no further than it is read. */
async function readArray<Result>(
  { zip, entries, path }: Archive,
  name: string,
  read: (content: ByteStream, name: string) => Promise<Result>,
): Promise<Result> {
  const entry = entries.get(name);
  if (entry === undefined) throw missingArray(name, path, [...entries.keys()]);
  const pieces = await zip.openReadStreamPromise(entry);
  const content = new ByteStream(checkPieces(pieces, entry));
  try {
    return await read(content, `${name} in ${path}`);
  } finally {
    await content.close();
    pieces.destroy();
  }
}

function missingArray(name: string, path: string, names: readonly string[]): AfterimageError {
  const shown = names.slice(0, shownNames).join(', ');
  const more = names.length > shownNames ? ` and ${names.length - shownNames} more` : '';
  return corruptInput(
    `${path} has no array ${name}; it has ${names.length > 0 ? shown + more : 'no arrays'}.`,
    `Save ${layouts.map(({ train, test }) => [...train, ...test].join(', ')).join(' or ')}.`,
  );
}

/** An error is one line. */
const shownNames = 20;

/** The layout of which the archive has most. */
function chooseLayout({ entries }: Archive): Layout {
  const score = (layout: Layout): number =>
    Object.values(layout)
      .flat()
      .filter((name) => entries.has(name)).length;
  return layouts.reduce((best, layout) => (score(layout) > score(best) ? layout : best));
}

/** What may be taken of all arrays together, and what becomes of the images. */
interface Taking {
  allowance: Allowance;
  choices: ImageChoices;
}

/** Of a split, the names of images and labels, and of masks where there are any. */
interface SplitNames {
  arrays: readonly [string, string];
  masksName: string | undefined;
}

/** Reads the headers of a split: whether it can be used, and how much it would unpack to. */
async function checkHeaders(
  archive: Archive,
  { arrays: [imagesName, labelsName], masksName }: SplitNames,
  { allowance, choices }: Taking,
): Promise<void> {
  const images = await readArray(archive, imagesName, takeNpyHeader);
  const labels = await readArray(archive, labelsName, takeNpyHeader);
  const names = { imagesName: images.name, labelsName: labels.name };
  const array = measureImages(images);
  checkSplit({ ...array, labelCount: countLabels(labels), ...names }, choices);
  allowance.take(array.count * storedBytes(array, choices));
  allowance.take(labels.byteLength);
  if (masksName === undefined) return;
  const masks = await readArray(archive, masksName, takeNpyHeader);
  checkMaskHeader(masks, { ...array, imagesName: images.name });
  allowance.take(array.count * storedBytes({ ...array, channels: 1 }, { ...choices, channels: 1 }));
}

async function readSplit(
  archive: Archive,
  { arrays: [imagesName, labelsName], masksName }: SplitNames,
  choices: ImageChoices,
): Promise<LabelledImages> {
  const images = await readArray(archive, imagesName, async (content, name) => ({
    ...(await takeNpyImages(content, name, choices)),
    imagesName: name,
  }));
  const labels = await readArray(archive, labelsName, takeNpy);
  const split = { ...images, labels: decodeLabels(labels), labelsName: labels.name };
  if (masksName === undefined) return split;
  const masks = await readArray(archive, masksName, (content, name) =>
    takeNpyMasks(content, name, images.width),
  );
  return { ...split, masks };
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

/** Appends the validation images to the training images: a run sets its own validation aside. */
function appendValidation(train: LabelledImages, validation: LabelledImages): LabelledImages {
  checkAlike(train, validation);
  return {
    ...train,
    count: train.count + validation.count,
    images: concatenate(train.images, validation.images),
    labels: concatenate(train.labels, validation.labels),
    masks: train.masks && validation.masks && concatenate(train.masks, validation.masks),
  };
}

/** The splits of an archive, training joined by validation, and how many images that were. */
async function readArchive(
  archive: Archive,
  choices: ImageChoices,
  signal: AbortSignal | undefined,
): Promise<{ train: LabelledImages; test: LabelledImages; joined: number }> {
  const layout = chooseLayout(archive);
  const hasValidation = layout.validation.some((name) => archive.entries.has(name));
  const taking = { allowance: new Allowance(archive.path), choices };
  const parts: Part[] = hasValidation ? ['train', 'validation', 'test'] : ['train', 'test'];
  const masks: PartMasks = findMasks(archive, parts);
  const namesOf = (part: Part): SplitNames => ({ arrays: layout[part], masksName: masks[part] });
  for (const part of parts) await checkHeaders(archive, namesOf(part), taking);
  const read = (part: Part): Promise<LabelledImages> => {
    signal?.throwIfAborted();
    return readSplit(archive, namesOf(part), choices);
  };
  const train = await read('train');
  if (!hasValidation) return { train, test: await read('test'), joined: 0 };
  const validation = await read('validation');
  const joined = validation.count;
  return { train: appendValidation(train, validation), test: await read('test'), joined };
}

/** Opens the archive for as long as `work` takes; what is wrong with its packing is CORRUPT_INPUT. */
async function withArchive<Result>(
  path: string,
  work: (archive: Archive) => Promise<Result>,
): Promise<Result> {
  await findSourceSize(path);
  let archive: Archive | null = null;
  try {
    archive = await openArchive(path);
    return await work(archive);
  } catch (error) {
    if (error instanceof AfterimageError) throw error;
    throw corruptInput(
      `${path} is not a whole zip archive, which every .npz is.`,
      'Download or copy the file again, or write it with numpy.savez.',
      error,
    );
  } finally {
    archive?.zip.close();
  }
}

/**
 * Reads an archive of NumPy arrays, named as Keras (`x_train`, `y_train`, `x_test`, `y_test`) or
 * MedMNIST does (`train_images`, ...). Validation arrays, where there are any, join the training
 * split, and a note says so. `train_masks`, `test_masks` and, of validation, `val_masks` give each image its
 * mask.
 */
export async function loadNpz(
  path: string,
  { onProgress, signal }: LongTaskOptions = {},
  choices = asTheyAre,
): Promise<SourceContent> {
  const item = basename(path);
  checkTask(item);
  const { train, test, joined } = await withArchive(path, (archive) =>
    readArchive(archive, choices, signal),
  );
  signal?.throwIfAborted();
  const note = `its ${joined} validation images joined the training split`;
  const content = nameMedmnistClasses(
    {
      ...joinNumberedSplits(train, test, path),
      source: `NumPy archive ${path}`,
      sourceChecksums: {},
    },
    item,
  );
  const checksum = await computeFileChecksum(path, 'sha256', { signal });
  onProgress?.({ step: `reading ${item}`, done: 1, total: 1 });
  return {
    ...content,
    notes: joined > 0 ? [...content.notes, note] : content.notes,
    sourceChecksums: { [item]: checksum },
  };
}
