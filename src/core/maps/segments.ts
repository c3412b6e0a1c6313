import { AfterimageError } from '../errors.ts';

/** The segment of each pixel [S, S], numbered from 0, and how many there are. */
export interface Segments {
  labels: Uint16Array;
  count: number;
}

export type SegmentKind = 'slic' | 'grid';

/** How far apart two grey levels count as one cell's width. */
const compactness = 0.15;
const slicTurns = 10;

interface Centre {
  x: number;
  y: number;
  level: number;
}

/** Cells along a side of a grid of about so many. */
function sideOf(count: number, imageSize: number): number {
  if (count <= imageSize ** 2) return Math.max(1, Math.round(Math.sqrt(count)));
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `An image of ${imageSize} × ${imageSize} pixels has no ${count} segments.`,
    `Ask for ${imageSize ** 2} or fewer.`,
  );
}

/** side x side cells, as equal as can be. */
function cutGrid(imageSize: number, side: number): Uint16Array {
  const cellOf = (position: number): number => Math.floor((position * side) / imageSize);
  return Uint16Array.from(
    { length: imageSize ** 2 },
    (_, i) => cellOf(Math.floor(i / imageSize)) * side + cellOf(i % imageSize),
  );
}

/** Means of the pixels of each segment; a segment without pixels stays where it was. */
function findCentres(
  image: Float32Array,
  imageSize: number,
  labels: Uint16Array,
  earlier: readonly Centre[],
): Centre[] {
  const sums = earlier.map(() => ({ x: 0, y: 0, level: 0, pixels: 0 }));
  labels.forEach((label, i) => {
    const sum = sums[label];
    if (sum === undefined) return;
    sum.x += i % imageSize;
    sum.y += Math.floor(i / imageSize);
    sum.level += image[i] ?? 0;
    sum.pixels += 1;
  });
  return sums.map(({ x, y, level, pixels }, k) =>
    pixels === 0
      ? (earlier[k] ?? { x: 0, y: 0, level: 0 })
      : { x: x / pixels, y: y / pixels, level: level / pixels },
  );
}

/** Each pixel goes to the nearest centre, by place and grey level, of those within two cells. */
function assignPixels(
  image: Float32Array,
  imageSize: number,
  centres: readonly Centre[],
  cell: number,
): Uint16Array {
  const nearest = new Float64Array(image.length).fill(Infinity);
  const labels = new Uint16Array(image.length);
  const clamp = (value: number): number => Math.min(Math.max(Math.round(value), 0), imageSize - 1);
  centres.forEach((centre, label) => {
    for (let y = clamp(centre.y - 2 * cell); y <= clamp(centre.y + 2 * cell); y += 1) {
      for (let x = clamp(centre.x - 2 * cell); x <= clamp(centre.x + 2 * cell); x += 1) {
        const i = y * imageSize + x;
        const place = ((x - centre.x) ** 2 + (y - centre.y) ** 2) / cell ** 2;
        const distance = place + (((image[i] ?? 0) - centre.level) / compactness) ** 2;
        if (distance >= (nearest[i] ?? 0)) continue;
        nearest[i] = distance;
        labels[i] = label;
      }
    }
  });
  return labels;
}

/** Numbers without gaps, in the order of the labels. */
function renumber(labels: Uint16Array): Segments {
  const used = [...new Set(labels)].sort((a, b) => a - b);
  const numbers = new Map(used.map((label, number) => [label, number]));
  return { labels: labels.map((label) => numbers.get(label) ?? 0), count: used.length };
}

/**
 * About `count` parts of a square image in [0, 1]: a grid's cells, or superpixels that start as those and
 * follow the edges (Achanta et al., SLIC Superpixels, 2012; parts that come apart stay one segment).
 *
 * @throws AfterimageError INVALID_ARGUMENT for more segments than pixels
 */
export function cutSegments(
  kind: SegmentKind,
  image: Float32Array,
  imageSize: number,
  count: number,
): Segments {
  const side = sideOf(count, imageSize);
  const grid = cutGrid(imageSize, side);
  if (kind === 'grid') return renumber(grid);
  const none = Array.from({ length: side ** 2 }, () => ({ x: 0, y: 0, level: 0 }));
  let labels = grid;
  let centres = findCentres(image, imageSize, labels, none);
  for (let turn = 0; turn < slicTurns; turn += 1) {
    labels = assignPixels(image, imageSize, centres, imageSize / side);
    centres = findCentres(image, imageSize, labels, centres);
  }
  return renumber(labels);
}
