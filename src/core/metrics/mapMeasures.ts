import { createCamReconstructor, dequantizeCamMap } from '../maps/cam.ts';
import { computeLuminance, imageAt, type PixelFormat } from '../pixels.ts';
import { byName, mapMetrics, type MapMetricName } from './exampleMetrics.ts';

/**
 * Measures a map by several metrics. By the rule of all of them, none has a value for an all-zero map: it
 * explains nothing, and so neither agrees nor disagrees.
 *
 * @param imageSize height and width of the images that it will be given, pixels
 * @returns from a map and an image [imageSize, imageSize] in [0,1]; NaN where undefined
 */
export function createMapMeasures<Name extends MapMetricName>(
  names: readonly Name[],
  imageSize: number,
): (cam: Float32Array, image: Float32Array) => Record<Name, number> {
  const measures = byName(names, (name) => mapMetrics[name].createMeasure(imageSize));
  return (cam, image) => {
    const isEmpty = !cam.some((value) => value > 0);
    return byName(names, (name) => (isEmpty ? Number.NaN : measures[name](cam, image)));
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
}

/**
 * The measures of N stored maps at their images' size, from the 8-bit maps: [N] each, NaN where undefined.
 * Yields how many are done, after each one, so that a caller can do other things in between.
 */
export function* measureStoredMaps<Name extends MapMetricName>(
  names: readonly Name[],
  { mapSize, levels, scales, images, ...format }: StoredMaps,
): Generator<number, Record<Name, Float32Array>, void> {
  const { imageSize, channels } = format;
  const cells = mapSize ** 2;
  const reconstruct = createCamReconstructor(mapSize, imageSize);
  const measure = createMapMeasures(names, imageSize);
  const cam = new Float32Array(imageSize ** 2);
  const columns = byName(names, () => new Float32Array(scales.length).fill(Number.NaN));
  for (const [i, scale] of scales.entries()) {
    if (scale > 0) {
      reconstruct(dequantizeCamMap(levels.subarray(i * cells, (i + 1) * cells), scale), cam);
      const values = measure(cam, computeLuminance(imageAt(images, i, format), channels));
      for (const name of names) columns[name][i] = values[name];
    }
    yield i + 1;
  }
  return columns;
}
