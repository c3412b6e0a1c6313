import type { ImageArray } from './imageArrays.ts';
import { masksHelp } from './masks.ts';
import { measureMasks, type NpyHeader } from './npy.ts';
import { corruptInput } from './source.ts';

export type Part = 'train' | 'validation' | 'test';

/** What arrays of masks are called, in whatever layout the images are. */
const maskNames = { train: 'train_masks', validation: 'val_masks', test: 'test_masks' } as const;

/** The masks of each part; none, or for all. */
export type PartMasks = Partial<Record<Part, string>>;

/**
 * The arrays of masks in an archive. CORRUPT_INPUT where a part of the set lacks them that others have, or
 * masks are of a part that has no images.
 *
 * @param parts those that have images
 */
export function findMasks(
  { entries, path }: { entries: ReadonlyMap<string, unknown>; path: string },
  parts: readonly Part[],
): PartMasks {
  const found = (Object.keys(maskNames) as Part[]).filter((part) => entries.has(maskNames[part]));
  const [first] = found;
  if (first === undefined) return {};
  const lacking = parts.find((part) => !found.includes(part));
  if (lacking !== undefined) {
    throw corruptInput(`${path} has ${maskNames[first]}, but no ${maskNames[lacking]}.`, masksHelp);
  }
  const extra = found.find((part) => !parts.includes(part));
  if (extra !== undefined) {
    throw corruptInput(`${path} has ${maskNames[extra]}, but no images to them.`, masksHelp);
  }
  return Object.fromEntries(found.map((part) => [part, maskNames[part]]));
}

/** CORRUPT_INPUT unless masks are as many and as large as the images that they belong to. */
export function checkMaskHeader(
  header: NpyHeader,
  { count, width, height, imagesName }: Omit<ImageArray, 'channels'> & { imagesName: string },
): void {
  const masks = measureMasks(header);
  if (masks.count !== count) {
    throw corruptInput(
      `${header.name} holds ${masks.count} masks, but ${imagesName} ${count} images.`,
      masksHelp,
    );
  }
  if (masks.width === width && masks.height === height) return;
  throw corruptInput(
    `${header.name} holds masks of ${masks.width} x ${masks.height} pixels, but ${imagesName} images of ${width} x ${height}.`,
    masksHelp,
  );
}
