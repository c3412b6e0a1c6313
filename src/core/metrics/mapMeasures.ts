import { createCamReconstructor, dequantizeCamMap } from '../maps/cam.ts';
import { computeLuminance, imageAt, maskAt, type PixelFormat } from '../pixels.ts';
import { computeMask, defaultMask, type MaskRule } from './foreground.ts';
import { byName, mapMetrics, type MapMetricName } from './exampleMetrics.ts';

/**
 * Measures a map by several metrics. By the rule of all of them, none has a value for an all-zero map: it
 * explains nothing, and so neither agrees nor disagrees.
 *
 * @param imageSize height and width of the images that it will be given, pixels
 * @param rule what of an image is inside
 * @returns from a map and an image [imageSize, imageSize] in [0,1], and the mask that the image came with,
 * if any; NaN where undefined
 */
export function createMapMeasures<Name extends MapMetricName>(
  names: readonly Name[],
  imageSize: number,
  rule: MaskRule = defaultMask,
): (cam: Float32Array, image: Float32Array, own?: Uint8Array | null) => Record<Name, number> {
  const measures = byName(names, (name) => mapMetrics[name].createMeasure(imageSize));
  return (cam, image, own) => {
    if (!cam.some((value) => value > 0)) return byName(names, () => Number.NaN);
    const mask = computeMask(rule, image, own);
    return byName(names, (name) => measures[name](cam, image, mask));
  };
}

/** N stored maps, each beside its image. */
export interface StoredMaps extends PixelFormat {
  mapSize: number;
  /** [N, mapSize, mapSize] 8-bit levels, and the scale of each map. */
  levels: Uint8Array;
  scales: Float32Array;
  /** [N, imageSize, imageSize] or [N, imageSize, imageSize, 3], 0 to 255. */
  images: Uint8Array;
  /** [N, imageSize, imageSize], 1 inside: those that the images came with, if any. */
  masks?: Uint8Array | undefined;
  /** What of an image is inside; by default pixels above 0.5. */
  rule?: MaskRule;
}

/**
 * The measures of N stored maps at their images' size, from the 8-bit maps: [N] each, NaN where undefined.
 * Yields how many are done, after each one, so that a caller can do other things in between.
 */
export function* measureStoredMaps<Name extends MapMetricName>(
  names: readonly Name[],
  { mapSize, levels, scales, images, masks, rule, ...format }: StoredMaps,
): Generator<number, Record<Name, Float32Array>, void> {
  const { imageSize, channels } = format;
  const cells = mapSize ** 2;
  const reconstruct = createCamReconstructor(mapSize, imageSize);
  const measure = createMapMeasures(names, imageSize, rule);
  // Filled anew for each map: thousands of maps leave no garbage.
  const map = new Float32Array(cells);
  const [cam, image] = [new Float32Array(imageSize ** 2), new Float32Array(imageSize ** 2)];
  const columns = byName(names, () => new Float32Array(scales.length).fill(Number.NaN));
  for (const [i, scale] of scales.entries()) {
    if (scale > 0) {
      dequantizeCamMap(levels.subarray(i * cells, (i + 1) * cells), scale, map);
      computeLuminance(imageAt(images, i, format), channels, image);
      const values = measure(reconstruct(map, cam), image, maskAt(masks, i, format));
      for (const name of names) columns[name][i] = values[name];
    }
    yield i + 1;
  }
  return columns;
}
