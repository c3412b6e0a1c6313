import { bicubicMatrix } from './bicubic.ts';

/** Keeps the division of an all-zero map finite. */
export const camEpsilon = 1e-7;

/** Element of a typed array that is known to be inside it. */
const at = (values: ArrayLike<number>, index: number): number => values[index] ?? 0;

/** Native map M from its stored form: level / 255 * scale. @param target as long, which it becomes */
export function dequantizeCamMap(
  levels: Uint8Array,
  scale: number,
  target: Float32Array = new Float32Array(levels.length),
): Float32Array {
  for (let i = 0; i < levels.length; i += 1) target[i] = (at(levels, i) / 255) * scale;
  return target;
}

/** 8-bit levels of a native map (values >= 0) and its scale, the maximum. */
export function quantizeCamMap(camMap: Float32Array): { levels: Uint8Array; scale: number } {
  const scale = camMap.reduce((largest, value) => Math.max(largest, value), 0);
  const levels = new Uint8Array(camMap.length);
  if (scale === 0) return { levels, scale };
  for (let i = 0; i < levels.length; i += 1) levels[i] = Math.round((at(camMap, i) / scale) * 255);
  return { levels, scale };
}

/**
 * The map at the input's size, [imageSize, imageSize] in [0,1], from a native map
 * [mapSize, mapSize]: U = max(0, R M R^T), cam = U / (max U + 1e-7). The same formula as in training,
 * for viewers and figures.
 */
export function reconstructCam(
  camMap: Float32Array,
  mapSize: number,
  imageSize: number,
): Float32Array {
  return createCamReconstructor(mapSize, imageSize)(camMap, new Float32Array(imageSize ** 2));
}

/**
 * `reconstructCam` for many maps of one size: the matrix is made once, and each call writes into
 * `cam` [imageSize, imageSize], which it returns, without allocating.
 */
export function createCamReconstructor(
  mapSize: number,
  imageSize: number,
): (camMap: Float32Array, cam: Float32Array) => Float32Array {
  const resize = bicubicMatrix(imageSize, mapSize);
  const rows = new Float32Array(imageSize * mapSize);
  return (camMap, cam) => {
    resizeColumns(resize, camMap, mapSize, rows);
    const largest = resizeRows(resize, rows, mapSize, cam);
    for (let i = 0; i < cam.length; i += 1) cam[i] = at(cam, i) / (largest + camEpsilon);
    return cam;
  };
}

/** rows [imageSize, mapSize] = R M. */
function resizeColumns(
  resize: Float32Array,
  camMap: Float32Array,
  mapSize: number,
  rows: Float32Array,
): void {
  for (let y = 0; y < rows.length; y += mapSize) {
    for (let x = 0; x < mapSize; x += 1) {
      let sum = 0;
      for (let k = 0; k < mapSize; k += 1) sum += at(resize, y + k) * at(camMap, k * mapSize + x);
      rows[y + x] = sum;
    }
  }
}

/** cam [imageSize, imageSize] = max(0, rows R^T); returns its largest value. */
function resizeRows(
  resize: Float32Array,
  rows: Float32Array,
  mapSize: number,
  cam: Float32Array,
): number {
  let largest = 0;
  let index = 0;
  for (let y = 0; y < rows.length; y += mapSize) {
    for (let x = 0; x < resize.length; x += mapSize) {
      let sum = 0;
      for (let k = 0; k < mapSize; k += 1) sum += at(rows, y + k) * at(resize, x + k);
      const value = Math.max(0, sum);
      largest = Math.max(largest, value);
      cam[index] = value;
      index += 1;
    }
  }
  return largest;
}
