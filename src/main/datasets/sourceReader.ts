import type { DatasetPreview } from '../../shared/datasetCalls.ts';
import { encodeDataset } from '../../core/formats/datasetFile.ts';
import type { DatasetContent } from '../../core/formats/datasetFile.ts';
import type { DatasetRecord } from '../../core/records.ts';
import { writeUnfinished } from '../platform/files.ts';
import { computeSha256 } from '../platform/hashes.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import { applyBuiltinFacts, isBuiltinName, loadBuiltin } from './builtin.ts';
import type { BuiltinName, FashionPlaces } from './builtin.ts';
import { checkSeveralClasses, countClasses, nameClasses, noteEmptyClasses } from './classes.ts';
import { loadCifar } from './cifar.ts';
import { fetchPublished } from './fetchPublished.ts';
import { describeChoices, type ImageChoices } from './imageChoices.ts';
import { checkSize, dropEqualChannels } from './imageFormat.ts';
import { loadIdx } from './idx.ts';
import { loadImageFolder } from './imageFolder.ts';
import { noteMasks } from './masks.ts';
import { computeNormalisation } from './normalisation.ts';
import { loadNpz } from './npz.ts';
import type { PublishedSet } from './published.ts';
import { encodeSamples } from './samples.ts';
import type { SourceContent } from './source.ts';

const loaders = {
  idx: loadIdx,
  npz: loadNpz,
  folder: loadImageFolder,
  cifar: loadCifar,
} as const;
export type ImportFormat = keyof typeof loaders;
export const importFormats = Object.keys(loaders) as ImportFormat[];

/** What is read from files, and what becomes of it. */
type FileSource = Extract<DatasetSource, { kind: 'files' }>;

/** What a data set is read from: files, wherever this machine has a built-in set, or a public address. */
export type DatasetSource =
  | {
      kind: 'files';
      format: ImportFormat;
      path: string;
      /** What its classes are to be called; null for what the source calls them. */
      classNames: readonly string[] | null;
      choices: ImageChoices;
    }
  | { kind: 'builtin'; name: BuiltinName; cacheDir: string; places: FashionPlaces }
  | {
      kind: 'published';
      name: string;
      set: PublishedSet;
      cacheDir: string;
      choices: ImageChoices;
    };

/** What a data set's record will say of it. */
export type DatasetFacts = Omit<DatasetRecord, 'name' | 'importedAt'>;

export interface PrepareRequest {
  source: DatasetSource;
  /** Decides: under a built-in's, only that set is accepted, with its own facts. */
  name: string;
  /** The file that the set is written to, as it is to be stored; must not exist yet. */
  path: string;
}

/** Reads data sets from their sources, checked in full, and stores nothing. */
export interface SourceReader {
  preview(source: DatasetSource, options: LongTaskOptions): Promise<DatasetPreview>;
  prepare(request: PrepareRequest, options: LongTaskOptions): Promise<DatasetFacts>;
}

async function loadFiles(
  { format, path, classNames, choices }: FileSource,
  options: LongTaskOptions,
): Promise<SourceContent> {
  const loaded = await loaders[format](path, options, choices);
  checkSize(loaded.imageSize, path);
  const read = choices.channels === null ? dropEqualChannels(loaded) : loaded;
  const content = classNames === null ? read : nameClasses(read, classNames);
  checkSeveralClasses(content, path);
  const decided = [
    ...describeChoices(choices),
    ...noteEmptyClasses(content),
    ...noteMasks(content, path),
  ];
  return { ...content, notes: [...content.notes, ...decided] };
}

async function loadPublished(
  { name, set, cacheDir, choices }: Extract<DatasetSource, { kind: 'published' }>,
  options: LongTaskOptions,
): Promise<SourceContent> {
  const path = await fetchPublished(name, set, cacheDir, options);
  const files: FileSource = { kind: 'files', format: set.format, path, classNames: null, choices };
  const source = `${set.title}, downloaded from ${set.files[0]?.url ?? set.page}`;
  return { ...(await loadFiles(files, options)), source };
}

function load(source: DatasetSource, options: LongTaskOptions): Promise<SourceContent> {
  if (source.kind === 'files') return loadFiles(source, options);
  if (source.kind === 'published') return loadPublished(source, options);
  return loadBuiltin(source.name, source.cacheDir, source.places, options);
}

const normalise = (content: SourceContent, source: DatasetSource): DatasetContent => {
  const { imageSize, channels, classNames, train, test } = content;
  const name = source.kind === 'files' ? source.path : source.name;
  const normalisation = computeNormalisation(train.images, channels, name);
  return { imageSize, channels, classNames, train, test, ...normalisation };
};

const describeSource = ({ source, notes }: SourceContent): string =>
  notes.length > 0 ? `${source} (${notes.join('; ')})` : source;

function describe(content: DatasetContent, source: string): Omit<DatasetPreview, 'samples'> {
  const { imageSize, channels, classNames, train, test } = content;
  return {
    imageSize,
    channels,
    classNames: [...classNames],
    trainCounts: countClasses(train.labels, classNames.length),
    testCounts: countClasses(test.labels, classNames.length),
    ...(train.masks && { masks: true }),
    source,
  };
}

/** In this process, which it keeps busy for as long as it takes; see `separateReader`. */
export const sourceReader: SourceReader = {
  async preview(source, options) {
    const content = await load(source, options);
    const description = describe(normalise(content, source), describeSource(content));
    return { ...description, samples: encodeSamples(content) };
  },
  async prepare({ source, name, path }, options) {
    const content = await load(source, options);
    const dataset = isBuiltinName(name)
      ? applyBuiltinFacts(name, content)
      : normalise(content, source);
    const bytes = encodeDataset(dataset);
    const { mean, standardDeviation } = dataset;
    const { sourceChecksums } = content;
    const description = describe(dataset, describeSource(content));
    const id = computeSha256(bytes);
    await writeUnfinished(path, bytes);
    return { id, ...description, mean, standardDeviation, sourceChecksums };
  },
};
