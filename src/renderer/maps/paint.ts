import { divergingIndex, divergingTable, unpackColor } from './colorMaps.ts';
import type { ColorTable } from './colorMaps.ts';

/*
 * From values to pixels. Every function fills `pixels`, the packed colours of one image (a
 * Uint32Array over ImageData's bytes), and allocates nothing: a frame has 16 ms.
 */

const opaque = 0xff000000;
/** Packed colour of a table for a value in [0,1]; a value that is no number takes the first. */
function lookUp(table: ColorTable, value: number): number {
  const last = table.length - 1;
  return table[Math.min(Math.max(Math.round(value * last), 0), last) | 0] ?? opaque;
}

/** Levels per pixel: one of grey images, three of colours. */
const levelsPerPixel = (image: Uint8Array, pixels: Uint32Array): 1 | 3 =>
  image.length > pixels.length ? 3 : 1;

/** Levels, 0 to 255, as they are: one per pixel, or red, green and blue. */
export function paintImage(image: Uint8Array, pixels: Uint32Array): void {
  const step = levelsPerPixel(image, pixels);
  const [toGreen, toBlue] = step === 3 ? [1, 2] : [0, 0];
  for (let i = 0; i < pixels.length; i += 1) {
    const first = i * step;
    const blue = image[first + toBlue] ?? 0;
    const green = image[first + toGreen] ?? 0;
    pixels[i] = (opaque | (blue << 16) | (green << 8) | (image[first] ?? 0)) >>> 0;
  }
}

/** A map with values in [0,1], coloured. */
export function paintMap(cam: Float32Array, table: ColorTable, pixels: Uint32Array): void {
  for (let i = 0; i < pixels.length; i += 1) pixels[i] = lookUp(table, cam[i] ?? 0);
}

/**
 * The coloured map over the image, grey or in colour; `opacity` 0 shows the image alone, 1 the map alone.
 * With `strengths`, from -1 to 1, each pixel of the map covers by its own: what is 0 shows the image.
 */
export function paintOverlay(
  image: Uint8Array,
  cam: Float32Array,
  table: ColorTable,
  opacity: number,
  pixels: Uint32Array,
  strengths: Float32Array | null = null,
): void {
  const step = levelsPerPixel(image, pixels);
  const [toGreen, toBlue] = step === 3 ? [1, 2] : [0, 0];
  for (let i = 0; i < pixels.length; i += 1) {
    const color = lookUp(table, cam[i] ?? 0);
    const first = i * step;
    const own = strengths === null ? opacity : opacity * Math.sqrt(Math.abs(strengths[i] ?? 0));
    const share = 1 - own;
    const red = ((image[first] ?? 0) * share + (color & 0xff) * own + 0.5) | 0;
    const green = ((image[first + toGreen] ?? 0) * share + ((color >>> 8) & 0xff) * own + 0.5) | 0;
    const blue = ((image[first + toBlue] ?? 0) * share + ((color >>> 16) & 0xff) * own + 0.5) | 0;
    pixels[i] = (opaque | (blue << 16) | (green << 8) | red) >>> 0;
  }
}

/** `minuend` - `subtrahend`, maps with values in [0,1]: white where they agree. */
export function paintDifference(
  minuend: Float32Array,
  subtrahend: Float32Array,
  pixels: Uint32Array,
): void {
  for (let i = 0; i < pixels.length; i += 1) {
    pixels[i] = divergingTable[divergingIndex((minuend[i] ?? 0) - (subtrahend[i] ?? 0))] ?? opaque;
  }
}

/** The colours of a table from left to right, for a bar of `pixels.length` by one pixel. */
export function paintColorBar(table: ColorTable, pixels: Uint32Array): void {
  const last = Math.max(pixels.length - 1, 1);
  for (let i = 0; i < pixels.length; i += 1) pixels[i] = lookUp(table, i / last);
}

/** `#rrggbb` of a packed colour. */
export const cssColor = (packed: number): string =>
  `#${unpackColor(packed)
    .map((channel) => channel.toString(16).padStart(2, '0'))
    .join('')}`;
