import { dirname, extname, join } from 'node:path';
import { sameForm } from '../../core/classNames.ts';
import { listFolder } from '../platform/files.ts';
import { Findings, isImage, listNames, type ClassFile } from './classFolders.ts';
import { corruptInput } from './source.ts';

const isCalledMasks = (name: string): boolean => name.toLowerCase() === 'masks';

/**
 * Whether a folder holds masks, not images of a class that is called so: it has folders as the images
 * have, and no image beside them.
 */
async function holdsMasks(path: string, imageFolders: readonly string[]): Promise<boolean> {
  // What is not there or cannot be read holds none; read as a class, it says so.
  const entries = await listFolder(path).catch(() => []);
  const known = new Set(imageFolders.map(sameForm));
  const isAlike = entries.some(({ name, isFolder }) => isFolder && known.has(sameForm(name)));
  return isAlike && !entries.some(isImage);
}

/**
 * The folder of the masks of images: `masks` among the folders of the images, or beside the folder that
 * these lie in; null where there is none.
 *
 * @param folders those in `folder`, by their names
 */
export async function findMaskFolder(
  folder: string,
  folders: readonly string[],
): Promise<string | null> {
  const inside = folders.find(isCalledMasks);
  const others = folders.filter((name) => name !== inside);
  if (inside !== undefined && (await holdsMasks(join(folder, inside), others))) {
    return join(folder, inside);
  }
  const beside = join(dirname(folder), 'masks');
  return beside !== folder && (await holdsMasks(beside, others)) ? beside : null;
}

/** The path of an image or a mask without its extension, in one Unicode form. */
const stemOf = (path: string): string =>
  sameForm(path.slice(0, path.length - extname(path).length));

const othersThan = (found: readonly string[]): string =>
  found.length > 1 ? ` and ${found.length - 1} more` : '';

function refusePairing(folder: string, what: string): Error {
  return corruptInput(
    `${folder} has ${what}.`,
    'Give one mask with the path and the name of each image, whatever its extension; or move the folder elsewhere to import the images alone.',
  );
}

/** Masks by what they are called, each for one image. */
class MaskChoice {
  readonly #folder: string;
  readonly #byStem: ReadonlyMap<string, readonly string[]>;
  readonly #left: Set<string>;
  readonly #missing: string[] = [];

  constructor(folder: string, masks: readonly string[]) {
    this.#folder = folder;
    this.#byStem = Map.groupBy(masks, stemOf);
    this.#left = new Set(masks);
  }

  /** The mask of the image at a path; undefined where it has none, which `check` then says. */
  take(image: string): string | undefined {
    const found = this.#byStem.get(stemOf(image)) ?? [];
    const mask =
      found.length > 1 ? found.find((name) => sameForm(name) === sameForm(image)) : found[0];
    if (mask === undefined && found.length > 1) {
      throw refusePairing(this.#folder, `${found.join(' and ')} for the image ${image}`);
    }
    if (mask === undefined) this.#missing.push(image);
    else if (!this.#left.delete(mask)) {
      throw refusePairing(this.#folder, `one mask, ${mask}, for ${image} and another image`);
    }
    return mask;
  }

  /** CORRUPT_INPUT where images are without masks, or masks without images. */
  check(): void {
    const missing = this.#missing;
    if (missing.length > 0) {
      throw refusePairing(
        this.#folder,
        `no mask for the image ${missing[0] ?? ''}${othersThan(missing)}`,
      );
    }
    const left = [...this.#left];
    if (left.length === 0) return;
    throw refusePairing(
      this.#folder,
      `a mask without an image, ${left[0] ?? ''}${othersThan(left)}`,
    );
  }
}

/**
 * Gives each image its mask: the one with its path from the folder of images and its name, but for the
 * extension. CORRUPT_INPUT unless each has one, and each mask its image.
 */
export async function pairMasks<Image extends ClassFile>(
  images: readonly Image[],
  folder: string,
): Promise<(Image & { mask: Image })[]> {
  const choice = new MaskChoice(folder, await listNames(folder, new Findings()));
  const paired = images.map((image) => {
    const name = choice.take(`${image.group}/${image.name}`) ?? '';
    return { ...image, mask: { ...image, path: join(folder, name), group: 'masks', name } };
  });
  choice.check();
  return paired;
}
