import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DatasetPreview, PublishedEntry } from '../../shared/datasetCalls.ts';
import { decodeDataset } from '../../core/formats/datasetFile.ts';
import type { DatasetContent } from '../../core/formats/datasetFile.ts';
import { AfterimageError } from '../../core/errors.ts';
import type { DatasetRecord } from '../../core/records.ts';
import { datasetNameSchema } from '../../core/config/runConfig.ts';
import { nearest } from '../../core/editDistance.ts';
import { shortenDatasetId } from '../../core/datasetNames.ts';
import { publishDataFile, writeUnfinished } from '../platform/files.ts';
import { computeSha256 } from '../platform/hashes.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import { nameUnfinished } from '../platform/unfinished.ts';
import { describeAbsence } from './absence.ts';
import { builtinNames, fashionPlaces, isBuiltinName } from './builtin.ts';
import type { BuiltinName, FashionPlaces } from './builtin.ts';
import { checkClassNames, replaceNames } from './classes.ts';
import { forgetDownloads } from './fetchPublished.ts';
import type { ImageChoices } from './imageChoices.ts';
import { checkFits, describePublished, publishedSets, type PublishedSet } from './published.ts';
import { sourceReader } from './sourceReader.ts';
import type { DatasetSource, ImportFormat, SourceReader } from './sourceReader.ts';
import { CheckedFiles, findFileProblem } from './storedFile.ts';
import type { FileProblem } from './storedFile.ts';

/** Where the library keeps its records; names and ids are unique. */
export interface DatasetIndex {
  insert(record: DatasetRecord): void;
  get(nameOrId: string): DatasetRecord | null;
  /** Also of a set that only a run knows: its images are not here. */
  find(id: string): DatasetRecord | null;
  list(): DatasetRecord[];
  /** Of the same id, with another name or other class names; CONFLICT if the name is taken. */
  change(record: DatasetRecord): void;
  /** Its images are no longer here. */
  remove(id: string): void;
  /** Runs that were trained on it, and those that wait to be. */
  listUsers(record: DatasetRecord): { name: string; hasBegun: boolean }[];
}

/** What becomes of images on the way; as they are, unless given. */
type ChosenImages = { [Key in keyof ImageChoices]?: ImageChoices[Key] | undefined };

export interface ImportRequest extends ChosenImages {
  format: ImportFormat;
  path: string;
  name: string;
  /** In the order of the classes; what the source calls them unless given. */
  classNames?: readonly string[] | null | undefined;
}

const toSource = ({
  format,
  path,
  classNames = null,
  resize = null,
  channels = null,
}: Omit<ImportRequest, 'name'>): DatasetSource => ({
  kind: 'files',
  format,
  path: resolve(path),
  classNames,
  choices: { resize, channels },
});

/** A data set whose file is there, as it was stored. */
export interface StoredDataset {
  record: DatasetRecord;
  path: string;
}

export interface DamagedDataset {
  record: DatasetRecord;
  path: string;
  problem: FileProblem;
}

const problemWords: Readonly<Record<FileProblem, string>> = {
  missing: 'missing',
  changed: 'not what was stored',
  unreadable: 'not readable',
};

function checkName(name: string): void {
  const isName = datasetNameSchema.safeParse(name).success && name.trim() === name;
  if (isName && !/^[0-9a-f]{64}$/.test(name)) return;
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `"${name}" cannot be the name of a data set.`,
    'Give 1 to 200 characters that neither begin nor end with a space and are no SHA-256.',
  );
}

function refuseBuiltin(names: readonly string[]): void {
  const builtin = names.find(isBuiltinName);
  if (builtin === undefined) return;
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `The name ${builtin} is kept for the built-in set.`,
    'Choose another one.',
  );
}

const refuseRemoval = ({ name }: DatasetRecord, runs: number): AfterimageError =>
  new AfterimageError(
    'CONFLICT',
    `${runs === 1 ? 'A run was' : `${runs} runs were`} trained on data set ${name} and could neither show its images nor be resumed without it.`,
    'Delete them for good first, or add --even-if-used: numbers and maps stay.',
  );

const refuseLabel = (label: number, { name, classNames }: DatasetRecord): AfterimageError =>
  new AfterimageError(
    'INVALID_ARGUMENT',
    `Data set ${name} has ${classNames.length} classes, none with number ${label}.`,
    'Count them from 0.',
  );

const refuseName = ({ name, source }: DatasetRecord): AfterimageError =>
  new AfterimageError(
    'INVALID_ARGUMENT',
    `The library has another data set named ${name}, imported from ${source}.`,
    'Choose another name.',
  );

const refuseFetch = (name: string, names: readonly string[]): AfterimageError =>
  new AfterimageError(
    'NOT_FOUND',
    `It is not known where ${name} can be had.`,
    `The nearest name is ${nearest(name, names) ?? ''}; others are imported from files.`,
  );

function checkUnchanged(name: string, { resize, channels }: ImageChoices): void {
  if (resize === null && channels === null) return;
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `The built-in set ${name} is always the same.`,
    'Import its files under another name to have them scaled or in other colours.',
  );
}

export interface LibraryParts {
  /** By default one that keeps this process busy while it reads. */
  reader?: SourceReader;
  /** Where Fashion-MNIST may be found. */
  places?: FashionPlaces;
  /** What can be had from public addresses. */
  published?: ReadonlyMap<string, PublishedSet>;
}

/**
 * The data sets of one data folder. Each is stored once, as `FOLDER/SHA-256.safetensors`, in full
 * or not at all; the index knows their names. Writing operations run one after the other.
 */
export class DatasetLibrary {
  readonly #folder: string;
  readonly #index: DatasetIndex;
  readonly #reader: SourceReader;
  readonly #places: FashionPlaces;
  readonly #published: ReadonlyMap<string, PublishedSet>;
  readonly #checked = new CheckedFiles();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    folder: string,
    index: DatasetIndex,
    { reader = sourceReader, places = fashionPlaces, published = publishedSets }: LibraryParts = {},
  ) {
    this.#folder = resolve(folder);
    this.#index = index;
    this.#reader = reader;
    this.#places = places;
    this.#published = published;
  }

  /** What `import` would read from `path`, checked in full but not stored. */
  preview(
    request: Omit<ImportRequest, 'name' | 'classNames'>,
    options: LongTaskOptions = {},
  ): Promise<DatasetPreview> {
    return this.#reader.preview(toSource(request), options);
  }

  /**
   * Reads a data set from `path` and stores it under `name`. The same content under the same name
   * again changes nothing (a damaged file is mended); INVALID_ARGUMENT if the name or the content is taken.
   * Under a built-in's name only that set is accepted, with its class names and normalisation.
   */
  async import(request: ImportRequest, options: LongTaskOptions = {}): Promise<DatasetRecord> {
    checkName(request.name);
    return this.#enqueue(() => this.#store(request.name, toSource(request), options));
  }

  /**
   * Calls a set otherwise; runs know theirs by its content. INVALID_ARGUMENT for the names of built-in
   * sets, CONFLICT if the name is taken or a run waits for the set under its name.
   */
  rename(name: string, newName: string): Promise<DatasetRecord> {
    checkName(newName);
    return this.#enqueue(() => {
      const record = this.get(name);
      refuseBuiltin([record.name, newName]);
      this.#checkNotAwaited(record);
      return this.#change({ ...record, name: newName });
    });
  }

  /** Gives a set's classes other names, in their order; its content, and so its id, stay. */
  renameClasses(name: string, classNames: readonly string[]): Promise<DatasetRecord> {
    return this.#enqueue(() => {
      const record = this.get(name);
      return this.#change({ ...record, classNames: replaceNames(record.classNames, classNames) });
    });
  }

  /** Gives one class another name. INVALID_ARGUMENT where there is no such class or it cannot have the name. */
  renameClass(name: string, label: number, newName: string): Promise<DatasetRecord> {
    return this.#enqueue(() => {
      const record = this.get(name);
      const { classNames } = record;
      if (label >= classNames.length) throw refuseLabel(label, record);
      return this.#change({
        ...record,
        classNames: checkClassNames(classNames.with(label, newName)),
      });
    });
  }

  /**
   * Removes a set's images. CONFLICT if runs need them, unless `even` so: their numbers and maps stay.
   *
   * @returns what it was, and how many runs are without images now
   */
  remove(name: string, even: boolean): Promise<{ record: DatasetRecord; runs: number }> {
    return this.#enqueue(async () => {
      const record = this.get(name);
      this.#checkNotAwaited(record);
      const users = this.#index.listUsers(record);
      if (users.length > 0 && !even) throw refuseRemoval(record, users.length);
      this.#index.remove(record.id);
      await rm(this.#pathOf(record.id), { force: true });
      return { record, runs: users.length };
    });
  }

  #change(record: DatasetRecord): Promise<DatasetRecord> {
    this.#index.change(record);
    return Promise.resolve(record);
  }

  #checkNotAwaited(record: DatasetRecord): void {
    const waiting = this.#index.listUsers(record).find(({ hasBegun }) => !hasBegun);
    if (waiting === undefined) return;
    throw new AfterimageError(
      'CONFLICT',
      `Run ${waiting.name} has not begun and will ask for data set ${record.name} by its name.`,
      'Let it begin, or delete it for good.',
    );
  }

  /** Makes a built-in set available, if it is not yet, or its file is damaged. */
  async ensureBuiltin(name: BuiltinName, options: LongTaskOptions = {}): Promise<DatasetRecord> {
    // The first look does not wait for an import that may take minutes.
    return (
      (await this.#getWhole(name)) ??
      this.#enqueue(async () => {
        const known = await this.#getWhole(name);
        if (known) return known;
        // A folder of its own: what was downloaded of other sets stays.
        const cacheDir = join(this.#downloads, name);
        const source = { kind: 'builtin', name, cacheDir, places: this.#places } as const;
        const record = await this.#store(name, source, options);
        await rm(cacheDir, { recursive: true, force: true });
        return record;
      })
    );
  }

  /**
   * Makes a built-in set or one that is published available, the latter as it is chosen to be; one that is
   * here already is left as it is. NOT_FOUND for other names, NO_NETWORK, CORRUPT_INPUT.
   */
  async fetch(
    { name, resize = null, channels = null }: { name: string } & ChosenImages,
    options: LongTaskOptions = {},
  ): Promise<DatasetRecord> {
    const choices = { resize, channels };
    if (isBuiltinName(name)) {
      checkUnchanged(name, choices);
      return this.ensureBuiltin(name, options);
    }
    const set = this.#published.get(name);
    if (set === undefined) throw refuseFetch(name, [...builtinNames, ...this.#published.keys()]);
    return this.#enqueue(async () => {
      const known = await this.#getWhole(name);
      if (known?.source.startsWith(set.title) === true) return known;
      if (known !== null) throw refuseName(known);
      checkFits(set, choices);
      const cacheDir = this.#downloads;
      const source = { kind: 'published', name, set, cacheDir, choices } as const;
      const record = await this.#store(name, source, options);
      const isHere = (other: string): boolean => this.#index.get(other) !== null;
      await forgetDownloads(name, cacheDir, this.#published, isHere);
      return record;
    });
  }

  /** What `fetch` can download. */
  listPublished(): PublishedEntry[] {
    return describePublished(this.#published);
  }

  /**
   * The record and file of a data set, by name or id; built-in sets are made available first.
   * NOT_FOUND for others that are unknown, CORRUPT_HISTORY if the file is not what was stored.
   */
  async resolve(nameOrId: string, options: LongTaskOptions = {}): Promise<StoredDataset> {
    const name = this.#index.get(nameOrId)?.name ?? nameOrId;
    const record = isBuiltinName(name) ? await this.ensureBuiltin(name, options) : this.get(name);
    return { record, path: await this.#findFile(record) };
  }

  /**
   * The data set of exactly this content, whatever has its name; a built-in one is made available
   * first. NOT_FOUND if its images are not here, CORRUPT_HISTORY as `resolve`.
   */
  async find(id: string, options: LongTaskOptions = {}): Promise<StoredDataset> {
    const known = this.#index.find(id);
    if (known && isBuiltinName(known.name)) await this.ensureBuiltin(known.name, options);
    const record = this.#index.get(id);
    if (record) return { record, path: await this.#findFile(record) };
    throw describeAbsence(id, known, known && this.#index.get(known.name));
  }

  /** The file of the data set of exactly this content; errors as of `find`. */
  async locate(id: string): Promise<string> {
    return (await this.find(id)).path;
  }

  /**
   * Stores a data set that came with a bundle, unless its images are here; where another set has its
   * name, under that and the beginning of its id. CORRUPT_INPUT where the file is not the set's.
   */
  async adopt(record: DatasetRecord, file: Uint8Array): Promise<void> {
    if (computeSha256(file) !== record.id) {
      throw new AfterimageError(
        'CORRUPT_INPUT',
        `The images of data set ${record.name} in the bundle are not those of its runs.`,
        'Export the bundle again.',
      );
    }
    decodeDataset(file, `data set ${record.name}`);
    await this.#enqueue(() => this.#keep(record, file));
  }

  async #keep(record: DatasetRecord, file: Uint8Array): Promise<void> {
    const { id, name } = record;
    if ((await this.#checked.findProblem(this.#pathOf(id), id)) !== null) {
      await this.#inTheMaking(async (path) => {
        await writeUnfinished(path, file);
        await publishDataFile(path, this.#pathOf(id));
      });
    }
    if (this.#index.get(id) !== null) return;
    const isTaken = this.#index.get(name) !== null;
    this.#index.insert({ ...record, name: isTaken ? `${name} ${shortenDatasetId(id)}` : name });
  }

  /** Compares every stored file with its checksum; the sets of which it differs. */
  async verify(signal?: AbortSignal): Promise<DamagedDataset[]> {
    const damaged: DamagedDataset[] = [];
    for (const record of this.#index.list()) {
      signal?.throwIfAborted();
      const path = this.#pathOf(record.id);
      const problem = await findFileProblem(path, record.id, signal);
      if (problem !== null) damaged.push({ record, path, problem });
    }
    return damaged;
  }

  /** Reads a stored set into memory. */
  async load(record: DatasetRecord): Promise<DatasetContent> {
    const path = await this.#findFile(record);
    return decodeDataset(await readFile(path), path);
  }

  /** The path of the record's file, which is what was stored. */
  async #findFile(record: DatasetRecord): Promise<string> {
    const path = this.#pathOf(record.id);
    const problem = await this.#checked.findProblem(path, record.id);
    if (problem === null) return path;
    throw new AfterimageError(
      'CORRUPT_HISTORY',
      `The file of data set ${record.name}, ${path}, is ${problemWords[problem]}.`,
      `Import it again under the same name (it came from ${record.source}).`,
    );
  }

  /** The record of this name if its file is what was stored, or null. */
  async #getWhole(name: string): Promise<DatasetRecord | null> {
    const record = this.#index.get(name);
    if (!record) return null;
    const problem = await this.#checked.findProblem(this.#pathOf(record.id), record.id);
    return problem === null ? record : null;
  }

  /** The record of a set that is here; NOT_FOUND names those that are. */
  get(nameOrId: string): DatasetRecord {
    const record = this.#index.get(nameOrId);
    if (record) return record;
    const names = new Set([...builtinNames, ...this.#index.list().map(({ name }) => name)]);
    throw new AfterimageError(
      'NOT_FOUND',
      `There is no data set ${nameOrId}.`,
      `Import it, or choose one of ${[...names].join(', ')}.`,
    );
  }

  get #downloads(): string {
    return join(this.#folder, 'downloads');
  }

  #pathOf(id: string): string {
    return join(this.#folder, `${id}.safetensors`);
  }

  /** Gives `work` the name of a file in the making, which is gone afterwards unless it got its own. */
  async #inTheMaking<Result>(work: (path: string) => Promise<Result>): Promise<Result> {
    const path = nameUnfinished(this.#folder);
    try {
      return await work(path);
    } finally {
      // What cannot be removed now goes with the next start.
      await rm(path, { force: true }).catch(() => undefined);
    }
  }

  #store(name: string, source: DatasetSource, options: LongTaskOptions): Promise<DatasetRecord> {
    const { signal } = options;
    return this.#inTheMaking(async (path) => {
      const facts = await this.#reader.prepare({ source, name, path }, options);
      const known = this.#checkConflict(name, facts.id);
      signal?.throwIfAborted();
      await this.#publish(path, facts.id, signal);
      if (known) return known;
      const record = { name, ...facts, importedAt: new Date().toISOString() };
      this.#index.insert(record);
      return record;
    });
  }

  /** Gives a prepared file its name, unless what is there is whole. */
  async #publish(path: string, id: string, signal?: AbortSignal): Promise<void> {
    const target = this.#pathOf(id);
    if ((await findFileProblem(target, id, signal)) === null) return;
    await publishDataFile(path, target);
  }

  /** The record of exactly this name and content, or null if neither is taken. */
  #checkConflict(name: string, id: string): DatasetRecord | null {
    const sameName = this.#index.get(name);
    if (sameName && sameName.id !== id) throw refuseName(sameName);
    const sameContent = this.#index.get(id);
    if (sameContent && sameContent.name !== name) {
      throw new AfterimageError(
        'INVALID_ARGUMENT',
        `The library holds exactly these images already, under the name ${sameContent.name}.`,
        `Use ${sameContent.name}, or call it otherwise with "datasets rename".`,
      );
    }
    return sameContent;
  }

  /** Runs after what was enqueued before, whether that succeeded or not. */
  #enqueue<T>(operation: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(operation, operation);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}
