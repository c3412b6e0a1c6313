import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openPromise } from 'yauzl';
import { AfterimageError } from '../../core/errors.ts';
import { ByteStream } from '../platform/byteStream.ts';
import { toWriteError } from '../platform/errors.ts';
import { saveFile } from '../platform/files.ts';
import { makeFolder, privateFileMode, privateFolderMode } from '../platform/folders.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import { downloadFile } from './download.ts';
import type { PublishedFile, PublishedSet } from './published.ts';
import { corruptInput } from './source.ts';

/** More than any file that is taken out has: the images of EMNIST byclass. */
const mostEntryBytes = 2 ** 30;

/** Takes files out of an archive whose checksum is known, by the beginnings of their names. */
async function unpack(
  archive: string,
  prefix: string,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  makeFolder(folder, privateFolderMode);
  const zip = await openPromise(archive, { autoClose: false, lazyEntries: true });
  try {
    let found = 0;
    for await (const entry of zip.eachEntry()) {
      signal?.throwIfAborted();
      const name = basename(entry.fileName);
      if (!name.startsWith(prefix) || entry.uncompressedSize > mostEntryBytes) continue;
      const content = await zip.openReadStreamPromise(entry);
      const bytes = await new ByteStream(content).take(entry.uncompressedSize);
      await saveFile(join(folder, name), bytes, privateFileMode);
      found += 1;
    }
    if (found === 0) throw corruptInput(`${archive} has no ${prefix}*.`, 'Fetch the set again.');
  } catch (error) {
    throw toWriteError(error, folder);
  } finally {
    zip.close();
  }
}

const byHand = (name: string, { files, format, page }: PublishedSet): string => {
  const names = files.map((file) => file.name).join(', ');
  return `Either try again where there is a network, which goes on from what has come, or download ${names} elsewhere (${page}) and import it with "datasets import --format ${format} PATH --name ${name}" or under Data.`;
};

/** Where a set's own files lie until it is stored. */
const ownFolder = (name: string, cacheDir: string): string => join(cacheDir, name);

/** An archive of several sets, known by its content: the next of them finds what the one before asked for. */
const archiveFolder = ({ md5 }: PublishedFile, cacheDir: string): string =>
  join(cacheDir, 'archives', md5);

/**
 * Downloads a set's files into folders of its own inside `cacheDir`, continuing what an earlier attempt
 * left there, and checks them; an archive that other sets are in as well, into one that they share.
 * NO_NETWORK names the ways to do without.
 *
 * @returns what to read: the file, or the folder of several or of those in an archive
 */
export async function fetchPublished(
  name: string,
  set: PublishedSet,
  cacheDir: string,
  options: LongTaskOptions,
): Promise<string> {
  const offlineRemedy = byHand(name, set);
  const own = ownFolder(name, cacheDir);
  const pathOf = (file: PublishedFile): string =>
    join(set.prefix === undefined ? own : archiveFolder(file, cacheDir), file.name);
  for (const file of set.files) {
    await downloadFile({ ...file, path: pathOf(file), offlineRemedy }, options);
  }
  const [first] = set.files;
  if (first === undefined) {
    throw new AfterimageError('INTERNAL', `The set ${name} has no files.`, 'Report this fault.');
  }
  const path = pathOf(first);
  if (set.prefix === undefined) return set.files.length === 1 ? path : own;
  await unpack(path, set.prefix, own, options.signal);
  return own;
}

/**
 * Removes what was downloaded of a set that is stored now; an archive of several sets only with the last
 * of them, as it is large and each of them would ask for it anew.
 *
 * @param isHere whether the library has the set of a name
 */
export async function forgetDownloads(
  name: string,
  cacheDir: string,
  sets: ReadonlyMap<string, PublishedSet>,
  isHere: (name: string) => boolean,
): Promise<void> {
  const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true });
  await remove(ownFolder(name, cacheDir));
  const { prefix, files } = sets.get(name) ?? {};
  const [archive] = files ?? [];
  if (prefix === undefined || archive === undefined) return;
  const sharing = [...sets].filter(([, set]) => set.files[0]?.md5 === archive.md5);
  if (sharing.every(([other]) => isHere(other))) await remove(archiveFolder(archive, cacheDir));
}
