import { cividisPoints, infernoPoints, viridisPoints } from './colorMapPoints.ts';

/** Colour maps for values in [0,1]; `jet` misleads and is there for those who ask for it. */
export const colorMapNames = ['viridis', 'inferno', 'cividis', 'grey', 'jet'] as const;
export type ColorMapName = (typeof colorMapNames)[number];
export const defaultColorMap: ColorMapName = 'viridis';

/** 0xAABBGGRR per entry: what a Uint32Array over ImageData's bytes holds on little-endian machines. */
export type ColorTable = Uint32Array;
type Rgb = readonly [red: number, green: number, blue: number];

const tableSize = 256;
/** Odd, so that zero has an entry of its own. */
export const divergingSize = 511;

export const packColor = ([red, green, blue]: Rgb): number =>
  (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;

/** The red, green and blue of a packed colour, 0 to 255. */
export const unpackColor = (packed: number): Rgb => [
  packed & 0xff,
  (packed >>> 8) & 0xff,
  (packed >>> 16) & 0xff,
];

const mix = (from: Rgb, to: Rgb, share: number): Rgb => [
  from[0] + (to[0] - from[0]) * share,
  from[1] + (to[1] - from[1]) * share,
  from[2] + (to[2] - from[2]) * share,
];
const roundColor = (color: Rgb): Rgb => [
  Math.round(color[0]),
  Math.round(color[1]),
  Math.round(color[2]),
];

function parseColors(hex: string): Rgb[] {
  return Array.from({ length: hex.length / 6 }, (_, i) => {
    const value = Number.parseInt(hex.slice(i * 6, i * 6 + 6), 16);
    return [value >> 16, (value >> 8) & 0xff, value & 0xff];
  });
}

/** A table of `size` colours that passes through equally spaced points. */
function interpolateTable(points: readonly Rgb[], size: number): ColorTable {
  return Uint32Array.from({ length: size }, (_, i) => {
    const position = (i / (size - 1)) * (points.length - 1);
    const first = Math.min(Math.floor(position), points.length - 2);
    const [from, to] = [points[first], points[first + 1]];
    if (from === undefined || to === undefined) throw new RangeError('a colour map needs 2 points');
    return packColor(roundColor(mix(from, to, position - first)));
  });
}

const ramp = (value: number): number => Math.min(Math.max(value, 0), 1) * 255;
/** Three overlapping trapezoids: blue, green, red. */
const jetColor = (x: number): Rgb => [
  ramp(1.5 - Math.abs(4 * x - 3)),
  ramp(1.5 - Math.abs(4 * x - 2)),
  ramp(1.5 - Math.abs(4 * x - 1)),
];

const buildTable: Record<ColorMapName, () => ColorTable> = {
  viridis: () => interpolateTable(parseColors(viridisPoints), tableSize),
  inferno: () => interpolateTable(parseColors(infernoPoints), tableSize),
  cividis: () => interpolateTable(parseColors(cividisPoints), tableSize),
  grey: () => interpolateTable(parseColors('000000ffffff'), tableSize),
  jet: () =>
    Uint32Array.from({ length: tableSize }, (_, i) =>
      packColor(roundColor(jetColor(i / (tableSize - 1)))),
    ),
};

const tables = new Map<ColorMapName, ColorTable>();

/** The 256 colours of a map, from value 0 to value 1. */
export function colorTable(name: ColorMapName): ColorTable {
  const known = tables.get(name);
  if (known !== undefined) return known;
  const table = buildTable[name]();
  tables.set(name, table);
  return table;
}

/** From -1 to 1: dark blue, the blue of C, white at exactly 0, the vermilion of R, dark brown. */
export const divergingTable: ColorTable = interpolateTable(
  parseColors('003255' + '0072b2' + '7fb6d6' + 'ffffff' + 'eaae80' + 'd55e00' + '6b2f00'),
  divergingSize,
);

/** The same for dark pages: light ends, and near the page's own colour at exactly 0. */
export const darkDivergingTable: ColorTable = interpolateTable(
  parseColors('d6ecff' + '5fb4f0' + '2c5f86' + '23262b' + '8a4a1f' + 'f08a3c' + 'ffe3cc'),
  divergingSize,
);

/** Index into `divergingTable` of a value in [-1, 1]; values beyond are clamped. */
export function divergingIndex(value: number): number {
  const half = (divergingSize - 1) / 2;
  const steps = Math.round(Math.min(Math.abs(value), 1) * half);
  return value < 0 ? half - steps : half + steps;
}

export const isColorMapName = (name: unknown): name is ColorMapName =>
  colorMapNames.some((known) => known === name);

/** `#rrggbb` of a packed colour. */
export const cssColor = (packed: number): string =>
  `#${unpackColor(packed)
    .map((channel) => channel.toString(16).padStart(2, '0'))
    .join('')}`;

/** Index into a table of a value in [0,1]; values beyond are clamped, one that is no number is 0. */
export const tableIndex = (table: ColorTable, value: number): number =>
  Math.min(Math.max(Math.round(value * (table.length - 1)), 0), table.length - 1) | 0;
