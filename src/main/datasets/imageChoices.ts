import sharp from 'sharp';
import { luminanceOf, valuesPerImage, type Channels } from '../../core/pixels.ts';

/** What becomes of images on their way into the library. */
export interface ImageChoices {
  /** Height and width that they are brought to, pixels; null: as they are. */
  resize: number | null;
  /** 1: their luminance, 3: red, green and blue; null: as they are. */
  channels: Channels | null;
}

export const asTheyAre: ImageChoices = { resize: null, channels: null };

/** What a set of images may have along a side, pixels. */
export const imageSizes = { least: 8, most: 224 } as const;

export type Levels = Uint8Array | Uint16Array;

/** Levels of one image, [height, width, channels], of 8 or 16 bits. */
export interface RawImage {
  levels: Levels;
  width: number;
  height: number;
  channels: Channels;
}

/** Colours of sharp by whether levels have 16 bits, and channels. */
const colourSpaces = { 8: { 1: 'b-w', 3: 'srgb' }, 16: { 1: 'grey16', 3: 'rgb16' } } as const;

/**
 * An image at `size` x `size` pixels: of one that is not square, the largest square in its middle. By
 * sharp: where that is smaller with Lanczos' kernel (a = 3), where larger with bicubic interpolation.
 */
async function scale({ levels, ...format }: RawImage, size: number): Promise<Levels> {
  const isDeep = levels instanceof Uint16Array;
  const { width, height } = format;
  const side = Math.min(width, height);
  const [left, top] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)];
  const data = await sharp(levels, { raw: format, limitInputPixels: false })
    .extract({ left, top, width: side, height: side })
    .resize(size, size, { fit: 'fill', kernel: 'lanczos3' })
    .toColourspace(colourSpaces[isDeep ? 16 : 8][format.channels])
    .raw({ depth: isDeep ? 'ushort' : 'uchar' })
    .toBuffer();
  // A copy begins where 16-bit values may.
  const bytes = Uint8Array.from(data);
  if (!isDeep) return bytes;
  // Kernels overshoot at edges; what passes the image's own maximum would widen the window of the set.
  const most = levels.reduce((largest, level) => Math.max(largest, level), 0);
  return new Uint16Array(bytes.buffer).map((level) => Math.min(level, most));
}

/** Levels of the same depth; in a loop, since `from` with a function takes ten times as long. */
export function makeLevels(
  like: Levels,
  length: number,
  levelAt: (index: number) => number,
): Levels {
  const levels = like instanceof Uint8Array ? new Uint8Array(length) : new Uint16Array(length);
  for (let i = 0; i < length; i += 1) levels[i] = levelAt(i);
  return levels;
}

/** The same pixels with other channels: colours as their luminance, or grey three times. */
function changeChannels(levels: Levels, from: Channels, to: Channels): Levels {
  if (from === to) return levels;
  const at = (index: number): number => levels[index] ?? 0;
  if (to === 3) return makeLevels(levels, levels.length * 3, (i) => at(Math.floor(i / 3)));
  return makeLevels(levels, levels.length / 3, (i) =>
    Math.round(luminanceOf(at(3 * i), at(3 * i + 1), at(3 * i + 2))),
  );
}

/** An image as it is to be stored; one that is to stay of its size is square. */
export async function applyChoices(
  image: RawImage,
  { resize, channels }: ImageChoices,
): Promise<RawImage> {
  const isScaled = resize !== null && (image.width !== resize || image.height !== resize);
  const levels = isScaled ? await scale(image, resize) : image.levels;
  const target = channels ?? image.channels;
  return {
    levels: changeChannels(levels, image.channels, target),
    width: resize ?? image.width,
    height: resize ?? image.height,
    channels: target,
  };
}

/** Bytes that an image of these sizes takes once it is stored. */
export const storedBytes = (
  { width, channels }: Pick<RawImage, 'width' | 'channels'>,
  choices: ImageChoices,
): number =>
  valuesPerImage({
    imageSize: choices.resize ?? width,
    channels: choices.channels ?? channels,
  });

/** What a set's description says of them. */
export function describeChoices({ resize, channels }: ImageChoices): string[] {
  return [
    ...(resize === null
      ? []
      : [
          `scaled to ${resize} x ${resize} pixels, down with a Lanczos kernel (a = 3), up with bicubic interpolation, the middle square where they were not square`,
        ]),
    ...(channels === 1 ? ['colours became their luminance (Rec. 601)'] : []),
    ...(channels === 3 ? ['grey became three equal channels'] : []),
  ];
}
