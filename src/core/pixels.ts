/** Values per pixel: grey, or red, green and blue. */
export type Channels = 1 | 3;

/** A value for all pixels of grey images; of colour images one for red, green and blue each. */
export type ChannelValues = number | number[];

/** What images of one size are, [S, S] grey or [S, S, 3] of red, green, blue. */
export interface PixelFormat {
  /** Height and width S, pixels. */
  imageSize: number;
  channels: Channels;
}

/** How many values one image has. */
export const valuesPerImage = ({ imageSize, channels }: PixelFormat): number =>
  imageSize ** 2 * channels;

/**
 * What an image with so many values is: grey where it is a square number, else of colours. No number is
 * both a square and three times one.
 */
export function formatOf(values: number): PixelFormat {
  const side = Math.sqrt(values);
  return Number.isInteger(side)
    ? { imageSize: side, channels: 1 }
    : { imageSize: Math.round(Math.sqrt(values / 3)), channels: 3 };
}

/** The axes of N such images: grey ones have none for their channel. */
export const shapeOfImages = (count: number, { imageSize, channels }: PixelFormat): number[] =>
  channels === 1 ? [count, imageSize, imageSize] : [count, imageSize, imageSize, channels];

/** The image at `index` of many that lie one after the other; a view. */
export function imageAt(images: Uint8Array, index: number, format: PixelFormat): Uint8Array {
  const length = valuesPerImage(format);
  return images.subarray(index * length, (index + 1) * length);
}

/** Those at some indices, in their order, one after the other. */
export function gatherImages(
  images: Uint8Array,
  indices: ArrayLike<number>,
  format: PixelFormat,
): Uint8Array<ArrayBuffer> {
  const length = valuesPerImage(format);
  const gathered = new Uint8Array(indices.length * length);
  for (let i = 0; i < indices.length; i += 1) {
    gathered.set(imageAt(images, indices[i] ?? 0, format), i * length);
  }
  return gathered;
}

/**
 * Values in [0, 1] of 8-bit levels, as many: `from` with a function takes 30 times as long, a tenth of a
 * second for a thousand images of MNIST.
 */
export function scaleLevels(levels: Uint8Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(levels.length);
  for (let i = 0; i < levels.length; i += 1) values[i] = (levels[i] ?? 0) / 255;
  return values;
}

/** The values of three channels, pixel by pixel, [pixels, 3], of those that lie one after the other [3, pixels]. */
export function interleave(planes: Uint8Array): Uint8Array<ArrayBuffer> {
  const pixels = planes.length / 3;
  const interleaved = new Uint8Array(planes.length);
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      interleaved[3 * pixel + channel] = planes[channel * pixels + pixel] ?? 0;
    }
  }
  return interleaved;
}

/** The mask [S, S] of the image at `index` of many [N, S, S]; a view, null of a set without masks. */
export const maskAt = (
  masks: Uint8Array | null | undefined,
  index: number,
  { imageSize }: Pick<PixelFormat, 'imageSize'>,
): Uint8Array | null => (masks ? imageAt(masks, index, { imageSize, channels: 1 }) : null);

/** Shares of red, green and blue in luminance, thousandths (Rec. ITU-R BT.601). */
const luminanceShares = [299, 587, 114] as const;

/** The same as parts of one. */
export const luminanceWeights = luminanceShares.map((share) => share / 1000);

/** Luminance of a colour, on the scale of its levels; exactly the level where all three are equal. */
export const luminanceOf = (red: number, green: number, blue: number): number =>
  (luminanceShares[0] * red + luminanceShares[1] * green + luminanceShares[2] * blue) / 1000;

/** Luminance of one pixel of an image [pixels, channels], on the scale of its levels. */
export function luminanceAt(levels: Uint8Array, pixel: number, channels: Channels): number {
  const at = (index: number): number => levels[index] ?? 0;
  if (channels === 1) return at(pixel);
  return luminanceOf(at(3 * pixel), at(3 * pixel + 1), at(3 * pixel + 2));
}

/**
 * What a map is compared with: an image's luminance.
 *
 * @param levels [pixels, channels], 0 to 255
 * @param target filled if given, [pixels]
 * @returns [pixels] in [0, 1]
 */
export function computeLuminance(
  levels: Uint8Array,
  channels: Channels,
  target = new Float32Array(levels.length / channels),
): Float32Array {
  for (let pixel = 0; pixel < target.length; pixel += 1) {
    target[pixel] = luminanceAt(levels, pixel, channels) / 255;
  }
  return target;
}

/** `0.1307`, or `0.7405, 0.5330, 0.7058`, so many decimals each. */
export const describeChannelValues = (values: ChannelValues, decimals: number): string =>
  [values]
    .flat()
    .map((value: number) => value.toFixed(decimals))
    .join(', ');
