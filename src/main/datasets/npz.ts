import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import { unzip } from 'fflate';
import type { Unzipped } from 'fflate';
import { loadSourceFile } from '../platform/files.ts';
import { computeSha256 } from '../platform/hashes.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import { decodeImages, decodeLabels, parseNpy } from './npy.ts';
import { checkSplit, corruptInput, joinNumberedSplits } from './source.ts';
import type { LabelledImages, SourceContent } from './source.ts';

/** Names of images and labels per split. */
type Layout = Record<'train' | 'validation' | 'test', readonly [string, string]>;

const layouts: readonly Layout[] = [
  { train: ['x_train', 'y_train'], validation: ['x_val', 'y_val'], test: ['x_test', 'y_test'] },
  {
    train: ['train_images', 'train_labels'],
    validation: ['val_images', 'val_labels'],
    test: ['test_images', 'test_labels'],
  },
];
const arrayNames = new Set(layouts.flatMap((layout) => Object.values(layout).flat()));

const suffix = '.npy';
const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;

/** CRC-32 of each entry, from the zip's central directory (APPNOTE.TXT 4.3.12, 4.3.16). */
function listZipChecksums(bytes: Uint8Array): Map<string, number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (view.getUint32(end, true) !== endSignature) end -= 1;
  const checksums = new Map<string, number>();
  let entry = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    if (view.getUint32(entry, true) !== entrySignature) throw new RangeError('no zip entry');
    const nameLength = view.getUint16(entry + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(entry + 46, entry + 46 + nameLength));
    checksums.set(name, view.getUint32(entry + 16, true));
    entry += 46 + nameLength + view.getUint16(entry + 30, true) + view.getUint16(entry + 32, true);
  }
  return checksums;
}

function unpack(bytes: Uint8Array, wanted: ReadonlySet<string>): Promise<Unzipped> {
  return new Promise((resolve, reject) => {
    const filter = ({ name }: { name: string }): boolean => wanted.has(name);
    unzip(bytes, { filter }, (error, entries) => {
      if (error) reject(error);
      else resolve(entries);
    });
  });
}

interface Archive {
  /** Every name in the archive, without `.npy`. */
  names: string[];
  /** The arrays with a name that some layout uses, undecoded. */
  arrays: Map<string, Uint8Array>;
}

/** Unpacks the arrays of interest and compares them with their checksums, which fflate does not. */
async function unpackArchive(bytes: Uint8Array, name: string): Promise<Archive> {
  try {
    const checksums = listZipChecksums(bytes);
    const wanted = new Set([...arrayNames].map((array) => array + suffix));
    const arrays = new Map<string, Uint8Array>();
    for (const [entry, content] of Object.entries(await unpack(bytes, wanted))) {
      if (crc32(content) !== checksums.get(entry)) throw new RangeError(`CRC-32 of ${entry}`);
      arrays.set(entry.slice(0, -suffix.length), content);
    }
    return { names: [...checksums.keys()].map((entry) => basename(entry, suffix)), arrays };
  } catch (error) {
    throw corruptInput(
      `${name} is not a whole zip archive, which every .npz is.`,
      'Download or copy the file again, or write it with numpy.savez.',
      error,
    );
  }
}

/** The layout of which the archive has most. */
function chooseLayout({ arrays }: Archive): Layout {
  const score = (layout: Layout): number =>
    Object.values(layout)
      .flat()
      .filter((name) => arrays.has(name)).length;
  return layouts.reduce((best, layout) => (score(layout) > score(best) ? layout : best));
}

function decodeSplit(
  archive: Archive,
  [imagesName, labelsName]: readonly [string, string],
  file: string,
): LabelledImages {
  const array = (name: string): Uint8Array => {
    const bytes = archive.arrays.get(name);
    if (bytes) return bytes;
    const present = archive.names.length > 0 ? archive.names.join(', ') : 'no arrays';
    throw corruptInput(
      `${file} has no array ${name}; it has ${present}.`,
      `Save ${layouts.map(({ train, test }) => [...train, ...test].join(', ')).join(' or ')}.`,
    );
  };
  const images = parseNpy(array(imagesName), `${imagesName} in ${file}`);
  const labels = parseNpy(array(labelsName), `${labelsName} in ${file}`);
  const split = {
    ...decodeImages(images),
    labels: decodeLabels(labels),
    imagesName: images.name,
    labelsName: labels.name,
  };
  checkSplit(split);
  return split;
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

/** Appends the validation images to the training images: a run sets its own validation aside. */
function appendValidation(train: LabelledImages, validation: LabelledImages): LabelledImages {
  if (train.width !== validation.width) {
    throw corruptInput(
      `${train.imagesName} holds images of ${train.width} pixels, but ${validation.imagesName} of ${validation.width}.`,
      'Give images of one size.',
    );
  }
  return {
    ...train,
    count: train.count + validation.count,
    images: concatenate(train.images, validation.images),
    labels: concatenate(train.labels, validation.labels),
  };
}

/**
 * Reads an archive of NumPy arrays, named as Keras (`x_train`, `y_train`, `x_test`, `y_test`) or
 * MedMNIST does (`train_images`, ...). Validation arrays, where there are any, join the training
 * split, and the source text says so.
 */
export async function loadNpz(
  path: string,
  { onProgress, signal }: LongTaskOptions = {},
): Promise<SourceContent> {
  const item = basename(path);
  const packed = await loadSourceFile(path);
  signal?.throwIfAborted();
  const archive = await unpackArchive(packed, path);
  signal?.throwIfAborted();
  const layout = chooseLayout(archive);
  let train = decodeSplit(archive, layout.train, path);
  let note = '';
  if (layout.validation.some((name) => archive.arrays.has(name))) {
    const validation = decodeSplit(archive, layout.validation, path);
    train = appendValidation(train, validation);
    note = ` (its ${validation.count} validation images joined the training split)`;
  }
  const joined = joinNumberedSplits(train, decodeSplit(archive, layout.test, path), path);
  onProgress?.({ step: `reading ${item}`, done: 1, total: 1 });
  return {
    ...joined,
    source: `NumPy archive ${path}${note}`,
    sourceChecksums: { [item]: computeSha256(packed) },
  };
}
