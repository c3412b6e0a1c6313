import { createCamReconstructor, dequantizeCamMap } from '../../core/maps/cam.ts';

/** Native maps as they are stored: M = level / 255 * scale. */
export interface StoredMaps {
  /** Height and width of a native map. */
  mapSize: number;
  /** [n, mapSize, mapSize] */
  levels: Uint8Array;
  /** [n], the maximum of each map; 0 for an all-zero map. */
  scales: Float32Array;
}

/** How maps are drawn. */
export interface MapLook {
  /** The values that the network gave, each a square; else interpolated as in training. */
  native: boolean;
  /** What 1 stands for in all maps, so that they can be compared; null: each map's own maximum. */
  unit: number | null;
}

/** Writes the cam [imageSize, imageSize] of the map at `position` into `cam` and returns it. */
export type CamReader = (maps: StoredMaps, position: number, cam: Float32Array) => Float32Array;

const readers = new Map<string, CamReader>();

/**
 * The reader for maps of one size; readers are kept, as each holds its bicubic matrix and buffers.
 */
export function camReader(mapSize: number, imageSize: number): CamReader {
  const key = `${mapSize}/${imageSize}`;
  const reader = readers.get(key) ?? createReader(mapSize, imageSize);
  readers.set(key, reader);
  return reader;
}

function createReader(mapSize: number, imageSize: number): CamReader {
  const reconstruct = createCamReconstructor(mapSize, imageSize);
  const camMap = new Float32Array(mapSize * mapSize);
  return ({ levels, scales }, position, cam) => {
    const first = position * camMap.length;
    const stored = levels.subarray(first, first + camMap.length);
    return reconstruct(dequantizeCamMap(stored, scales[position] ?? 0, camMap), cam);
  };
}

/** The map at `position` as shares of its maximum, [size, size]: each pixel its native cell's. */
export function readCells(
  { mapSize, levels, scales }: StoredMaps,
  position: number,
  size: number,
  cells: Float32Array,
): Float32Array {
  const first = position * mapSize ** 2;
  const isZero = (scales[position] ?? 0) === 0;
  for (let y = 0; y < size; y += 1) {
    const row = first + Math.floor((y * mapSize) / size) * mapSize;
    for (let x = 0; x < size; x += 1) {
      const level = levels[row + Math.floor((x * mapSize) / size)] ?? 0;
      cells[y * size + x] = isZero ? 0 : level / 255;
    }
  }
  return cells;
}

/** The map at `position` as shares of its maximum at the image's size, interpolated or in its own cells. */
export const readMap = (
  maps: StoredMaps,
  position: number,
  { imageSize, native }: { imageSize: number; native: boolean },
  cam: Float32Array,
): Float32Array =>
  native
    ? readCells(maps, position, imageSize, cam)
    : camReader(maps.mapSize, imageSize)(maps, position, cam);

/** Shares of a map's maximum become shares of a unit that others have as well. */
export function stretch(cam: Float32Array, scale: number, unit: number | null): Float32Array {
  if (unit === null || unit === 0) return cam;
  const share = scale / unit;
  for (let i = 0; i < cam.length; i += 1) cam[i] = (cam[i] ?? 0) * share;
  return cam;
}
