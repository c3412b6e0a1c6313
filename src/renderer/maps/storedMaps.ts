import { createCamReconstructor } from '../../core/maps/cam.ts';

/** Native maps as they are stored: M = level / 255 * scale. */
export interface StoredMaps {
  /** Height and width of a native map. */
  mapSize: number;
  /** [n, mapSize, mapSize] */
  levels: Uint8Array;
  /** [n], the maximum of each map; 0 for an all-zero map. */
  scales: Float32Array;
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
    const scale = scales[position] ?? 0;
    for (let i = 0; i < camMap.length; i += 1) {
      camMap[i] = ((levels[first + i] ?? 0) / 255) * scale;
    }
    return reconstruct(camMap, cam);
  };
}
