import { extname } from 'node:path';
import type { AfterimageError } from '../../core/errors.ts';
import { asTheyAre } from './imageChoices.ts';
import { decodeFile, type DecodedImage } from './imageDecoding.ts';
import type { ImageFile } from './imageListing.ts';
import { makeMask, masksHelp } from './masks.ts';
import { corruptInput } from './source.ts';

/** Formats that keep each pixel as it was drawn, and their values as they are. */
const extensions = ['.png', '.tif', '.tiff'];

function checkFormat({ path }: ImageFile): void {
  if (extensions.includes(extname(path).toLowerCase())) return;
  throw corruptInput(
    `${path} cannot be a mask: what JPEG and DICOM files hold is not 0 outside for certain.`,
    'Write masks as PNG or TIFF, 0 outside and anything else inside.',
  );
}

const refuseSize = (
  mask: ImageFile,
  found: { width: number; height: number },
  { file, original }: DecodedImage,
): AfterimageError =>
  corruptInput(
    `The mask ${mask.path} has ${found.width} x ${found.height} pixels, but its image ${file.path} ${original.width} x ${original.height}.`,
    masksHelp,
  );

/**
 * Reads the mask of an image: [size, size] as the image is stored, and the file's checksum.
 * CORRUPT_INPUT where it has another size than the image's file.
 */
export async function readMask(
  mask: ImageFile,
  image: DecodedImage,
): Promise<{ mask: Uint8Array; checksum: string }> {
  checkFormat(mask);
  const { width, height } = image.original;
  const isAlike = (a: number, b: number): boolean => a === width && b === height;
  const options = { ...asTheyAre, largest: width * height };
  const decoded = await decodeFile(mask, options, (_, a, b) => {
    // Either way round, as a camera's note may turn it.
    if (!isAlike(a, b) && !isAlike(b, a)) throw refuseSize(mask, { width: a, height: b }, image);
  });
  if (!isAlike(decoded.width, decoded.height)) throw refuseSize(mask, decoded, image);
  return { mask: makeMask(decoded.levels, decoded, image.width), checksum: decoded.checksum };
}
