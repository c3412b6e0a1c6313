import { extname, join } from 'node:path';
import { Random } from '../../core/random.ts';
import { listFolder, type FolderEntry } from '../platform/files.ts';
import { checkClassCount, corruptInput } from './source.ts';
import { drawStratified } from './split.ts';

const extensions = new Set(['.png', '.jpg', '.jpeg']);
const layoutHelp =
  'Make one folder per class, either in train and in test, or directly in the folder you name, each with PNG or JPEG files.';

/** Share of the images that becomes the test split where the folder has none of its own. */
const testShare = 1 / 6;
const testSplitSeed = 0;

interface ClassFolder {
  name: string;
  path: string;
  files: string[];
}

/** One image and where it belongs. */
export interface ImageFile {
  path: string;
  /** Class folder relative to the source, with `/`. */
  group: string;
  name: string;
  label: number;
}

/** The images of a folder, sorted into splits and classes. */
export interface ImageListing {
  classNames: string[];
  train: ImageFile[];
  test: ImageFile[];
  /** Added to the source text. */
  notes: string[];
}

const isImage = (entry: FolderEntry): boolean =>
  !entry.isFolder && extensions.has(extname(entry.name).toLowerCase());

/** Names that differ only in leading zeros are equal to the collator; their code units decide. */
function compareNaturally(a: string, b: string): number {
  const order = new Intl.Collator('en', { numeric: true }).compare(a, b);
  if (order !== 0) return order;
  return a < b ? -1 : 1;
}

/** The class folders in `path`, in natural order, each with at least one image. */
async function listClasses(path: string, counter: { skipped: number }): Promise<ClassFolder[]> {
  const entries = await listFolder(path);
  const folders = entries.filter((entry) => entry.isFolder).map(({ name }) => name);
  counter.skipped += entries.length - folders.length;
  if (folders.length === 0) throw corruptInput(`${path} holds no class folders.`, layoutHelp);
  checkClassCount(folders.length, path);
  const classes: ClassFolder[] = [];
  for (const name of folders.sort(compareNaturally)) {
    const inside = await listFolder(join(path, name));
    const files = inside.filter(isImage).map((entry) => entry.name);
    if (files.length === 0) {
      throw corruptInput(
        `Class folder ${join(path, name)} holds no PNG or JPEG image.`,
        layoutHelp,
      );
    }
    counter.skipped += inside.length - files.length;
    classes.push({ name, path: join(path, name), files });
  }
  return classes;
}

function toImageFiles(
  classes: readonly ClassFolder[],
  names: string[],
  prefix: string,
): ImageFile[] {
  return classes.flatMap(({ name, path, files }) =>
    files.map((file) => ({
      path: join(path, file),
      group: prefix + name,
      name: file,
      label: names.indexOf(name),
    })),
  );
}

/** Layout train/CLASS/* and test/CLASS/*, with the same classes in both. */
async function listSplitLayout(
  folder: string,
  counter: { skipped: number },
): Promise<ImageListing> {
  const train = await listClasses(join(folder, 'train'), counter);
  const test = await listClasses(join(folder, 'test'), counter);
  const names = { train: train.map(({ name }) => name), test: test.map(({ name }) => name) };
  for (const [here, there] of [
    ['train', 'test'],
    ['test', 'train'],
  ] as const) {
    const lacking = names[here].find((name) => !names[there].includes(name));
    if (lacking !== undefined) {
      throw corruptInput(
        `${folder} has a class ${lacking} in ${here}, but not in ${there}.`,
        'Give train and test the same class folders.',
      );
    }
  }
  return {
    classNames: names.train,
    train: toImageFiles(train, names.train, 'train/'),
    test: toImageFiles(test, names.train, 'test/'),
    notes: [],
  };
}

/** Layout CLASS/*: a stratified sixth, the same at every import, becomes the test split. */
async function listFlatLayout(folder: string, counter: { skipped: number }): Promise<ImageListing> {
  const classes = await listClasses(folder, counter);
  const classNames = classes.map(({ name }) => name);
  const files = toImageFiles(classes, classNames, '');
  const labels = Uint8Array.from(files, ({ label }) => label);
  const testCount = Math.round(files.length * testShare);
  if (testCount === 0) {
    throw corruptInput(
      `${folder} has ${files.length} images, too few to set a sixth aside as the test split.`,
      'Add images, or sort them into train and test.',
    );
  }
  const random = Random.fromSeed(testSplitSeed);
  const drawn = new Set(drawStratified(Uint32Array.from(labels.keys()), labels, testCount, random));
  return {
    classNames,
    train: files.filter((_, index) => !drawn.has(index)),
    test: files.filter((_, index) => drawn.has(index)),
    notes: ['a stratified sixth became the test split'],
  };
}

/** Finds the images of either layout. CORRUPT_INPUT names the folder that does not fit. */
export async function listImages(folder: string): Promise<ImageListing> {
  const counter = { skipped: 0 };
  const entries = await listFolder(folder);
  const folders = entries.filter((entry) => entry.isFolder).map(({ name }) => name);
  const isSplit = folders.includes('train') && folders.includes('test');
  const other = folders.find((name) => name !== 'train' && name !== 'test');
  if (isSplit && other !== undefined) {
    throw corruptInput(
      `${folder} has a folder ${other} beside train and test.`,
      `Move its images into train or test, or the folder elsewhere.`,
    );
  }
  const listing = await (isSplit ? listSplitLayout : listFlatLayout)(folder, counter);
  if (counter.skipped > 0) {
    listing.notes.push(`${counter.skipped} entries that are no PNG or JPEG files were left out`);
  }
  return listing;
}
