/**
 * Images that look like handwritten digits, and maps that look like Grad-CAMs of them: made from
 * integers alone, so that the same example is the same picture in every test and screenshot.
 */

export const imageSize = 28;
export const mapSize = 7;

/** A number in [0,1) that depends on its integer arguments and nothing else. */
export function noise(...values: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const value of values) {
    hash = Math.imul(hash ^ (value | 0), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return (hash >>> 0) / 2 ** 32;
}

/** About normal with mean 0 and standard deviation 1. */
export const gaussian = (...values: readonly number[]): number =>
  (noise(...values, 1) + noise(...values, 2) + noise(...values, 3) + noise(...values, 4) - 2) *
  Math.sqrt(3);

type Point = readonly [x: number, y: number];

/** Strokes of each digit in a unit square, y down. */
const strokes: readonly (readonly Point[])[][] = [
  [
    [
      [0.5, 0.1],
      [0.25, 0.3],
      [0.25, 0.7],
      [0.5, 0.9],
      [0.75, 0.7],
      [0.75, 0.3],
      [0.5, 0.1],
    ],
  ],
  [
    [
      [0.4, 0.25],
      [0.55, 0.1],
      [0.52, 0.9],
    ],
  ],
  [
    [
      [0.25, 0.3],
      [0.5, 0.1],
      [0.75, 0.3],
      [0.5, 0.6],
      [0.25, 0.9],
      [0.78, 0.87],
    ],
  ],
  [
    [
      [0.27, 0.18],
      [0.6, 0.12],
      [0.7, 0.3],
      [0.45, 0.48],
      [0.73, 0.66],
      [0.6, 0.88],
      [0.25, 0.84],
    ],
  ],
  [
    [
      [0.35, 0.1],
      [0.25, 0.55],
      [0.75, 0.52],
    ],
    [
      [0.65, 0.15],
      [0.62, 0.92],
    ],
  ],
  [
    [
      [0.72, 0.12],
      [0.35, 0.13],
      [0.32, 0.45],
      [0.66, 0.48],
      [0.7, 0.75],
      [0.48, 0.9],
      [0.25, 0.82],
    ],
  ],
  [
    [
      [0.62, 0.1],
      [0.35, 0.4],
      [0.28, 0.75],
      [0.5, 0.9],
      [0.7, 0.72],
      [0.5, 0.55],
      [0.3, 0.68],
    ],
  ],
  [
    [
      [0.25, 0.15],
      [0.75, 0.14],
      [0.45, 0.9],
    ],
  ],
  [
    [
      [0.5, 0.48],
      [0.3, 0.3],
      [0.5, 0.1],
      [0.7, 0.3],
      [0.5, 0.48],
      [0.27, 0.7],
      [0.5, 0.9],
      [0.73, 0.7],
      [0.5, 0.48],
    ],
  ],
  [
    [
      [0.7, 0.3],
      [0.5, 0.45],
      [0.3, 0.3],
      [0.5, 0.1],
      [0.7, 0.3],
      [0.62, 0.9],
    ],
  ],
];

/** Slant, size and position of one example's hand. */
function hand(exampleId: number): (point: Point) => Point {
  const slant = 0.25 * gaussian(exampleId, 11);
  const scale = 18 + 2 * gaussian(exampleId, 12);
  const [left, top] = [14 + gaussian(exampleId, 13), 14 + gaussian(exampleId, 14)];
  return ([x, y]) => [left + (x - 0.5 - slant * (y - 0.5)) * scale, top + (y - 0.5) * scale];
}

function distanceToSegment([px, py]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const along = ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy || 1);
  const t = Math.max(0, Math.min(1, along));
  return Math.hypot(px - ax - t * dx, py - ay - t * dy);
}

const images = new Map<number, Uint8Array>();

/** Pixels [28, 28] of one example of a digit. */
export function drawDigit(digit: number, exampleId: number): Uint8Array {
  const kept = images.get(exampleId);
  if (kept !== undefined) return kept;
  const place = hand(exampleId);
  const width = 1.3 + 0.35 * noise(exampleId, 15);
  const paths = (strokes[digit] ?? []).map((path) => path.map(place));
  const image = new Uint8Array(imageSize * imageSize);
  for (let y = 0; y < imageSize; y += 1) {
    for (let x = 0; x < imageSize; x += 1) {
      let nearest = Infinity;
      for (const path of paths) {
        for (let i = 1; i < path.length; i += 1) {
          const [from, to] = [path[i - 1] as Point, path[i] as Point];
          nearest = Math.min(nearest, distanceToSegment([x + 0.5, y + 0.5], from, to));
        }
      }
      image[y * imageSize + x] = 255 * Math.max(0, Math.min(1, width + 0.7 - nearest));
    }
  }
  images.set(exampleId, image);
  return image;
}

/**
 * Levels [7, 7] of a map. `likeness` in [0,1] says how much it looks like the image; the rest is a
 * blob whose place depends on `key`.
 */
export function drawMap(image: Uint8Array, likeness: number, key: number): Uint8Array {
  const [cx, cy] = [1 + 5 * noise(key, 21), 1 + 5 * noise(key, 22)];
  const reach = 1.2 + noise(key, 23);
  const values = Array.from({ length: mapSize * mapSize }, (_, i) => {
    const [x, y] = [i % mapSize, Math.floor(i / mapSize)];
    const blob = Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * reach * reach));
    return likeness * meanOfBlock(image, x, y) + (1 - likeness) * blob + 0.06 * noise(key, i, 24);
  });
  const largest = Math.max(...values);
  return Uint8Array.from(values, (value) => Math.round((255 * value) / largest));
}

function meanOfBlock(image: Uint8Array, x: number, y: number): number {
  let sum = 0;
  for (let dy = 0; dy < 4; dy += 1) {
    for (let dx = 0; dx < 4; dx += 1) sum += image[(4 * y + dy) * imageSize + 4 * x + dx] ?? 0;
  }
  return Math.min(1, (2 * sum) / (16 * 255));
}
