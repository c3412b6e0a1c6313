import { basename, join } from 'node:path';
import { openPromise } from 'yauzl';
import { AfterimageError } from '../../core/errors.ts';
import { ByteStream } from '../platform/byteStream.ts';
import { toWriteError } from '../platform/errors.ts';
import { saveFile } from '../platform/files.ts';
import { makeFolder, privateFileMode, privateFolderMode } from '../platform/folders.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import { downloadFile } from './download.ts';
import type { PublishedSet } from './published.ts';
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
  return `Either try again where there is a network, which goes on from what has come, or download ${names} elsewhere (${page}) and run "datasets import --format ${format} PATH --name ${name}".`;
};

/**
 * Downloads a set's files into `cacheDir`, continuing what an earlier attempt left there, and checks
 * them. NO_NETWORK names the ways to do without.
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
  for (const file of set.files) {
    await downloadFile({ ...file, path: join(cacheDir, file.name), offlineRemedy }, options);
  }
  const [first] = set.files;
  if (first === undefined) {
    throw new AfterimageError('INTERNAL', `The set ${name} has no files.`, 'Report this fault.');
  }
  const path = join(cacheDir, first.name);
  if (set.prefix === undefined) return set.files.length === 1 ? path : cacheDir;
  const folder = join(cacheDir, name);
  await unpack(path, set.prefix, folder, options.signal);
  return folder;
}
