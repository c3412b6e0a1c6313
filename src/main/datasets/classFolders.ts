import { realpath } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { sameForm } from '../../core/classNames.ts';
import { listFolder, type FolderEntry } from '../platform/files.ts';
import { checkClassCount, corruptInput } from './source.ts';

const extensions = new Set(['.png', '.jpg', '.jpeg', '.tif', '.tiff', '.dcm', '.dicom']);
const kinds = 'PNG, JPEG, TIFF or DICOM';
export const layoutHelp = `Make one folder per class, either in train and in test, or directly in the folder you name, each with ${kinds} files.`;

/** What archives and file managers leave beside the images, in lower case. */
const leftBySystems = new Set(['__macosx', 'thumbs.db', 'desktop.ini']);

/** What a listing came upon beside the images that it was to find. */
export class Findings {
  /** Entries that are no images. */
  skipped = 0;
  /** Images in folders inside class folders. */
  nested = 0;
  readonly bySystems = new Set<string>();

  describe(): string[] {
    const notes: string[] = [];
    if (this.nested > 0) notes.push(`${this.nested} images lay in folders inside class folders`);
    if (this.skipped > 0) {
      notes.push(`${this.skipped} entries that are no ${kinds} files were left out`);
    }
    const names = [...this.bySystems].join(', ');
    if (names !== '') notes.push(`${names} of the operating system were left out`);
    return notes;
  }
}

/** An image of a class: `name` is its path inside the folder `group`, both with `/`. */
export interface ClassFile {
  path: string;
  group: string;
  name: string;
}

/** A class and its images; its name in Unicode's composed form (NFC). */
export interface ClassFolder {
  name: string;
  files: ClassFile[];
}

/** The entries of a folder but for what systems leave there. */
export async function listEntries(path: string, findings: Findings): Promise<FolderEntry[]> {
  const entries = await listFolder(path);
  const isLeft = ({ name }: FolderEntry): boolean => leftBySystems.has(name.toLowerCase());
  for (const { name } of entries.filter(isLeft)) findings.bySystems.add(name);
  return entries.filter((entry) => !isLeft(entry));
}

export const isImage = (entry: FolderEntry): boolean =>
  !entry.isFolder && extensions.has(extname(entry.name).toLowerCase());

/**
 * The images in a folder and in those inside it, by their paths from it. A link to a folder that it
 * lies in leads nowhere new.
 */
export async function listNames(
  path: string,
  findings: Findings,
  outer: string[] = [],
): Promise<string[]> {
  const real = await realpath(path);
  if (outer.includes(real)) return [];
  const names: string[] = [];
  for (const entry of await listEntries(path, findings)) {
    if (entry.isFolder) {
      const inside = await listNames(join(path, entry.name), findings, [...outer, real]);
      for (const name of inside) names.push(`${entry.name}/${name}`);
    } else if (isImage(entry)) names.push(entry.name);
    else findings.skipped += 1;
  }
  return names;
}

const natural = new Intl.Collator('en', { numeric: true });

/** Names that differ only in leading zeros are equal to the collator; their code units decide. */
function compareNaturally(a: string, b: string): number {
  const order = natural.compare(a, b);
  if (order !== 0) return order;
  return a < b ? -1 : 1;
}

/** @returns the images of one class folder, at least one */
async function listClass(path: string, group: string, findings: Findings): Promise<ClassFile[]> {
  const names = await listNames(path, findings);
  if (names.length === 0) {
    throw corruptInput(`Class folder ${path} holds no ${kinds} image.`, layoutHelp);
  }
  findings.nested += names.filter((name) => name.includes('/')).length;
  return names.map((name) => ({ path: join(path, name), group, name }));
}

/**
 * The class folders in `path`, in natural order. Names that differ in their Unicode form alone are one
 * class, as systems write accents their own ways.
 *
 * @param prefix what of the path is told in groups
 * @param except the path of a folder in it that is no class
 */
export async function listClasses(
  path: string,
  prefix: string,
  findings: Findings,
  except: string | null = null,
): Promise<ClassFolder[]> {
  const all = await listEntries(path, findings);
  const entries = all.filter(({ name }) => join(path, name) !== except);
  const folders = entries.filter((entry) => entry.isFolder).map(({ name }) => name);
  findings.skipped += entries.length - folders.length;
  if (folders.length === 0) throw corruptInput(`${path} holds no class folders.`, layoutHelp);
  const byName = Map.groupBy(folders, sameForm);
  checkClassCount(byName.size, path);
  const classes: ClassFolder[] = [];
  for (const name of [...byName.keys()].sort(compareNaturally)) {
    const files: ClassFile[][] = [];
    for (const folder of byName.get(name) ?? []) {
      files.push(await listClass(join(path, folder), prefix + folder, findings));
    }
    classes.push({ name, files: files.flat() });
  }
  return classes;
}
