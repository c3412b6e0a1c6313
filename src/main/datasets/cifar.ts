import { AfterimageError } from '../../core/errors.ts';
import { interleave } from '../../core/pixels.ts';
import { computeSha256 } from '../platform/hashes.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import { cifarVersions, readCifarFiles, type CifarFiles } from './cifarFiles.ts';
import { applyChoices, asTheyAre, storedBytes, type ImageChoices } from './imageChoices.ts';
import { readByteArray, readPickle, textOf } from './pickle.ts';
import { checkStorable, corruptInput, type SourceContent } from './source.ts';

const side = 32;
/** Red, green and blue one after the other. */
const imageBytes = 3 * side ** 2;
const copyAgain = 'Download or copy the file again.';

/** What CIFAR-10's own list of names says. */
export const cifarClasses = [
  ...['airplane', 'automobile', 'bird', 'cat', 'deer'],
  ...['dog', 'frog', 'horse', 'ship', 'truck'],
];

/** Images [N, 3, 32, 32] of a batch and their labels. */
interface Batch {
  images: Uint8Array;
  labels: Uint8Array;
}

/** Records of a label and 3,072 levels. */
function readBinary(bytes: Uint8Array, name: string): Batch {
  const record = 1 + imageBytes;
  const count = Math.floor(bytes.length / record);
  if (count === 0 || bytes.length !== count * record) {
    throw corruptInput(
      `${name} is cut short: ${bytes.length} bytes are no whole number of images of ${record}.`,
      copyAgain,
    );
  }
  const images = new Uint8Array(count * imageBytes);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i += 1) {
    labels[i] = bytes[i * record] ?? 0;
    images.set(bytes.subarray(i * record + 1, (i + 1) * record), i * imageBytes);
  }
  return { images, labels };
}

/** A dictionary with `data`, an array [N, 3072], and `labels`, a list. */
function readPython(bytes: Uint8Array, name: string): Batch {
  const batch = readPickle(bytes, name);
  const entries = batch instanceof Map ? batch : new Map<string, never>();
  const data = readByteArray(entries.get('data') ?? null);
  const labels: unknown = entries.get('labels');
  if (data === null || !Array.isArray(labels)) {
    throw corruptInput(
      `${name} has no array data of bytes or no list labels.`,
      'Give the batches of CIFAR-10 as they are published.',
    );
  }
  const [count = 0, length] = data.shape;
  if (
    length !== imageBytes ||
    data.bytes.length !== count * imageBytes ||
    labels.length !== count
  ) {
    throw corruptInput(
      `${name} has ${data.bytes.length} bytes and ${labels.length} labels for an array (${data.shape.join(', ')}).`,
      copyAgain,
    );
  }
  return { images: data.bytes, labels: Uint8Array.from(labels, Number) };
}

/** Names of the classes, if they are there. */
function readNames(files: CifarFiles, version: keyof typeof cifarVersions): string[] {
  const { names } = cifarVersions[version];
  const bytes = files.get(names);
  if (bytes === undefined) return cifarClasses;
  if (version === 'binary') {
    return new TextDecoder().decode(bytes).split(/\r?\n/).filter(Boolean);
  }
  const meta = readPickle(bytes, names);
  const listed = meta instanceof Map ? meta.get('label_names') : null;
  if (!Array.isArray(listed)) return cifarClasses;
  return listed.map(textOf);
}

/** Appends batches, image by image as they are to be stored. */
async function joinBatches(
  batches: readonly Batch[],
  choices: ImageChoices,
): Promise<SourceContent['train']> {
  const stored = storedBytes({ width: side, channels: 3 }, choices);
  const count = batches.reduce((sum, { labels }) => sum + labels.length, 0);
  const split = { images: new Uint8Array(count * stored), labels: new Uint8Array(count) };
  let at = 0;
  for (const { images, labels } of batches) {
    split.labels.set(labels, at);
    const indices = Array.from(labels.keys());
    for (let first = 0; first < indices.length; first += mostAtOnce) {
      const done = indices.slice(first, first + mostAtOnce).map((i) => {
        const levels = interleave(images.subarray(i * imageBytes, (i + 1) * imageBytes));
        return applyChoices({ levels, width: side, height: side, channels: 3 }, choices);
      });
      for (const { levels } of await Promise.all(done)) {
        split.images.set(levels, at * stored);
        at += 1;
      }
    }
  }
  return split;
}

/** Images scaled at once; sharp runs them on the thread pool. */
const mostAtOnce = 32;

function chooseVersion(files: CifarFiles, path: string): keyof typeof cifarVersions {
  if (files.has(cifarVersions.binary.test)) return 'binary';
  if (files.has(cifarVersions.python.test)) return 'python';
  throw new AfterimageError(
    'NOT_FOUND',
    `${path} has no ${cifarVersions.binary.test} and no ${cifarVersions.python.test} of CIFAR-10.`,
    'Name the folder with the six batches, or the .tar.gz as it is published.',
  );
}

/**
 * Reads CIFAR-10, its binary or its Python version, from a folder or from the archive as it is published:
 * 32 x 32 pixels in colour.
 */
export async function loadCifar(
  path: string,
  { onProgress, signal }: LongTaskOptions = {},
  choices: ImageChoices = asTheyAre,
): Promise<SourceContent> {
  const files = await readCifarFiles(path);
  const version = chooseVersion(files, path);
  const { train, test } = cifarVersions[version];
  const classNames = readNames(files, version);
  const sourceChecksums: Record<string, string> = {};
  const readBatch = (name: string): Batch => {
    signal?.throwIfAborted();
    const bytes = files.get(name);
    const place = `${name} in ${path}`;
    if (bytes === undefined) {
      throw new AfterimageError(
        'NOT_FOUND',
        `${path} has no ${name}.`,
        'Put all six batches there.',
      );
    }
    const batch = (version === 'binary' ? readBinary : readPython)(bytes, place);
    const wrong = batch.labels.find((label) => label >= classNames.length);
    if (wrong !== undefined) {
      throw corruptInput(
        `${place} has label ${wrong}, but ${classNames.length} classes.`,
        copyAgain,
      );
    }
    sourceChecksums[name] = computeSha256(bytes);
    const done = Object.keys(sourceChecksums).length;
    onProgress?.({ step: `reading ${name}`, done, total: train.length + 1 });
    return batch;
  };
  const batches = train.map(readBatch);
  const testBatch = readBatch(test);
  const format = { imageSize: choices.resize ?? side, channels: choices.channels ?? 3 } as const;
  const count = [...batches, testBatch].reduce((sum, { labels }) => sum + labels.length, 0);
  checkStorable(count, format, path);
  return {
    ...format,
    classNames,
    train: await joinBatches(batches, choices),
    test: await joinBatches([testBatch], choices),
    source: `CIFAR-10 (${version} version) in ${path}`,
    notes: [],
    sourceChecksums,
  };
}
