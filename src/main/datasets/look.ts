import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Place } from '../../shared/datasetCalls.ts';
import { toReadError } from '../platform/errors.ts';
import { listFolder, type FolderEntry } from '../platform/files.ts';
import type { ImportFormat } from './sourceReader.ts';

/** As many folders, and as many files, as are listed of one place. */
const most = 1000;

const idxFile = /idx[13]-ubyte(\.gz)?$/i;
const cifarName = /^(data_batch_\d(\.bin)?|cifar-10-batches-(py|bin))$/;

/** What a file is imported as, by its name; null for one that is none of a data set. */
function formatOfFile(name: string): ImportFormat | null {
  if (/\.npz$/i.test(name)) return 'npz';
  if (idxFile.test(name)) return 'idx';
  return cifarName.test(name) || /\.(tar\.gz|tgz)$/i.test(name) ? 'cifar' : null;
}

/** What a folder is imported as, by what lies in it; null where nothing speaks for any format. */
function formatOfFolder(entries: readonly FolderEntry[]): ImportFormat | null {
  const has = (name: RegExp): boolean => entries.some((entry) => name.test(entry.name));
  if (has(idxFile)) return 'idx';
  if (has(cifarName)) return 'cifar';
  return entries.some(({ isFolder }) => isFolder) ? 'folder' : null;
}

/** What is given to the importer for a file: for one of several the folder that they lie in. */
const sourceOf = (path: string, format: ImportFormat): string =>
  format === 'idx' || (format === 'cifar' && cifarName.test(basename(path))) ? dirname(path) : path;

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw toReadError(error, path);
  }
}

const above = (path: string): string | null => (dirname(path) === path ? null : dirname(path));

/**
 * What lies at a path, for whoever looks for a data set: of a folder what it holds, without hidden entries
 * and, of files, those that could be imported. NOT_FOUND where there is nothing, INVALID_ARGUMENT where it
 * may not be read. Reads names, never what is in files.
 */
export async function lookAt(given: string): Promise<Place> {
  const path = resolve(given);
  if (!(await isFolder(path))) {
    const format = formatOfFile(basename(path));
    const found = format && { format, path: sourceOf(path, format) };
    const nothing = { isFolder: false, folders: [], files: [], isCut: false };
    return { path, parent: above(path), ...nothing, found };
  }
  const entries = await listFolder(path);
  const format = formatOfFolder(entries);
  const folders = entries.filter((entry) => entry.isFolder);
  const files = entries.filter((entry) => !entry.isFolder && formatOfFile(entry.name) !== null);
  const namesOf = (of: readonly FolderEntry[]): string[] =>
    of.slice(0, most).map(({ name }) => name);
  return {
    ...{ path, isFolder: true, parent: above(path) },
    ...{ folders: namesOf(folders), files: namesOf(files) },
    isCut: Math.max(folders.length, files.length) > most,
    found: format && { format, path },
  };
}
