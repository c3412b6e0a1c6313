import { join } from 'node:path';
import { Random } from '../../core/random.ts';
import {
  Findings,
  layoutHelp,
  listClasses,
  listEntries,
  type ClassFile,
  type ClassFolder,
} from './classFolders.ts';
import { findMaskFolder, pairMasks } from './maskListing.ts';
import { corruptInput } from './source.ts';
import { drawStratified } from './split.ts';

/** Share of the images that becomes the test split where the folder has none of its own. */
const testShare = 1 / 6;
const testSplitSeed = 0;

/** One image and where it belongs. */
export interface ImageFile extends ClassFile {
  label: number;
  /** Of all images of a folder, or of none. */
  mask?: ImageFile;
}

/** The images of a folder, sorted into splits and classes. */
export interface ImageListing {
  classNames: string[];
  train: ImageFile[];
  test: ImageFile[];
  /** For people, what was decided about them. */
  notes: string[];
}

const toImageFiles = (classes: readonly ClassFolder[], names: readonly string[]): ImageFile[] =>
  classes.flatMap(({ name, files }) =>
    files.map((file) => ({ ...file, label: names.indexOf(name) })),
  );

const partNames = {
  train: /^train(ing)?$/i,
  validation: /^val(id(ation)?)?$/i,
  test: /^test(ing)?$/i,
};
type Part = keyof typeof partNames;
const parts = Object.keys(partNames) as Part[];

/** What a folder of each part is called; those that are not there are left out. */
type PartFolders = Partial<Record<Part, string>>;

/** The folders that are parts, whatever their capitals. CORRUPT_INPUT if two of them are the same part. */
function findParts(path: string, folders: readonly string[]): PartFolders {
  const found: PartFolders = {};
  for (const part of parts) {
    const [name, other] = folders.filter((folder) => partNames[part].test(folder));
    if (other !== undefined) {
      throw corruptInput(
        `${path} has ${name} and ${other}, which are both the ${part} split.`,
        'Move the images of one into the other.',
      );
    }
    if (name !== undefined) found[part] = name;
  }
  return found;
}

/** CORRUPT_INPUT if `here` has a class that `there` lacks. */
function checkClasses(
  folder: string,
  here: { name: string; classes: readonly ClassFolder[] },
  there: { name: string; classes: readonly ClassFolder[] },
): void {
  const known = new Set(there.classes.map(({ name }) => name));
  const lacking = here.classes.find(({ name }) => !known.has(name));
  if (lacking === undefined) return;
  throw corruptInput(
    `${folder} has a class ${lacking.name} in ${here.name}, but not in ${there.name}.`,
    `Give ${here.name} and ${there.name} the same class folders.`,
  );
}

/** Layout train/CLASS/* and test/CLASS/*, with the same classes in both; validation joins train. */
async function listSplitLayout(
  folder: string,
  found: { train: string; validation?: string; test: string },
  findings: Findings,
): Promise<ImageListing> {
  const list = async (name: string) => ({
    name,
    classes: await listClasses(join(folder, name), `${name}/`, findings),
  });
  const train = await list(found.train);
  const test = await list(found.test);
  checkClasses(folder, train, test);
  checkClasses(folder, test, train);
  const names = train.classes.map(({ name }) => name);
  const listing: ImageListing = {
    classNames: names,
    train: toImageFiles(train.classes, names),
    test: toImageFiles(test.classes, names),
    notes: [],
  };
  if (found.validation === undefined) return listing;
  const validation = await list(found.validation);
  checkClasses(folder, validation, train);
  const joined = toImageFiles(validation.classes, names);
  return {
    ...listing,
    train: [...listing.train, ...joined],
    notes: [`${joined.length} images in ${validation.name} joined the training split`],
  };
}

/** Layout CLASS/*: a stratified sixth, the same at every import, becomes the test split. */
async function listFlatLayout(
  folder: string,
  findings: Findings,
  masks: string | null,
): Promise<ImageListing> {
  const classes = await listClasses(folder, '', findings, masks);
  const classNames = classes.map(({ name }) => name);
  const files = toImageFiles(classes, classNames);
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

async function listLayout(
  folder: string,
  findings: Findings,
  { all, masks }: { all: readonly string[]; masks: string | null },
): Promise<ImageListing> {
  const folders = all.filter((name) => join(folder, name) !== masks);
  const { train, test, ...rest } = findParts(folder, folders);
  const partCount = [train, test, rest.validation].filter((name) => name !== undefined).length;
  if (train !== undefined && test !== undefined) {
    const other = folders.find((name) => !parts.some((part) => partNames[part].test(name)));
    if (other === undefined) return listSplitLayout(folder, { train, test, ...rest }, findings);
    throw corruptInput(
      `${folder} has a folder ${other} beside ${train} and ${test}.`,
      `Move its images into ${train} or ${test}, or the folder elsewhere.`,
    );
  }
  if (partCount > 0 && partCount === folders.length) {
    throw corruptInput(
      `${folder} has ${folders.join(' and ')}, but no ${train === undefined ? 'train' : 'test'}.`,
      layoutHelp,
    );
  }
  return listFlatLayout(folder, findings, masks);
}

/** Finds the images of either layout. CORRUPT_INPUT names the folder that does not fit. */
export async function listImages(folder: string): Promise<ImageListing> {
  const findings = new Findings();
  const entries = await listEntries(folder, findings);
  const all = entries.filter((entry) => entry.isFolder).map(({ name }) => name);
  const masks = await findMaskFolder(folder, all);
  const listing = await listLayout(folder, findings, { all, masks });
  const notes = [...listing.notes, ...findings.describe()];
  if (masks === null) return { ...listing, notes };
  const { train, test } = listing;
  const paired = await pairMasks([...train, ...test], masks);
  return {
    ...{ ...listing, train: paired.slice(0, train.length), test: paired.slice(train.length) },
    notes: [...notes, `masks are from ${masks}`],
  };
}
