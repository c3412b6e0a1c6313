import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  colorMapNames,
  colorTable,
  divergingIndex,
  divergingTable,
  packColor,
  unpackColor,
} from '../../../src/renderer/maps/colorMaps.ts';
import type { ColorMapName } from '../../../src/renderer/maps/colorMaps.ts';

/** Rows of the published tables (matplotlib 3.10), most of them between the stored points. */
const published: [ColorMapName, number, [number, number, number]][] = [
  ['viridis', 0, [68, 1, 84]],
  ['viridis', 1, [68, 2, 86]],
  ['viridis', 20, [72, 29, 111]],
  ['viridis', 64, [59, 82, 139]],
  ['viridis', 128, [33, 145, 140]],
  ['viridis', 200, [112, 207, 87]],
  ['viridis', 254, [251, 231, 35]],
  ['viridis', 255, [253, 231, 37]],
  ['inferno', 1, [1, 0, 5]],
  ['inferno', 64, [87, 16, 110]],
  ['inferno', 130, [191, 57, 82]],
  ['inferno', 233, [244, 221, 79]],
  ['inferno', 255, [252, 255, 164]],
  ['cividis', 1, [0, 35, 79]],
  ['cividis', 20, [0, 48, 112]],
  ['cividis', 100, [101, 104, 112]],
  ['cividis', 200, [196, 180, 104]],
  ['cividis', 255, [254, 232, 56]],
  // By the formula of jet: x = 1/5, 2/5, 3/5 of the way.
  ['jet', 0, [0, 0, 128]],
  ['jet', 51, [0, 77, 255]],
  ['jet', 102, [26, 255, 230]],
  ['jet', 153, [230, 255, 26]],
  ['jet', 255, [128, 0, 0]],
  ['grey', 0, [0, 0, 0]],
  ['grey', 77, [77, 77, 77]],
];

describe('colorTable', () => {
  it.each(published)('%s has its published colour %i', (name, index, color) => {
    const found = unpackColor(colorTable(name)[index] ?? 0);
    found.forEach((channel, i) => {
      expect(Math.abs(channel - (color[i] ?? 0))).toBeLessThanOrEqual(2);
    });
  });

  it('has 256 opaque colours', () => {
    for (const name of colorMapNames) {
      const table = colorTable(name);
      expect(table).toHaveLength(256);
      expect(table.every((color) => color >>> 24 === 255)).toBe(true);
    }
  });

  it.each(['viridis', 'inferno', 'cividis', 'grey'] as const)('%s never gets darker', (name) => {
    const luma = Array.from(colorTable(name), (color) => {
      const [red, green, blue] = unpackColor(color);
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    });
    luma.slice(1).forEach((value, i) => {
      expect(value).toBeGreaterThan((luma[i] ?? 0) - 1);
    });
  });
});

describe('divergingTable', () => {
  const colorOf = (value: number) => unpackColor(divergingTable[divergingIndex(value)] ?? 0);

  it('is white at zero and nowhere else', () => {
    expect(colorOf(0)).toEqual([255, 255, 255]);
    expect(Array.from(divergingTable).filter((color) => color === 0xffffffff)).toHaveLength(1);
  });

  it('is blue below and vermilion above zero, darkest at the ends', () => {
    const [red, , blue] = colorOf(-2 / 3);
    expect([red, blue]).toEqual([0, 178]);
    expect(colorOf(2 / 3)).toEqual([213, 94, 0]);
    expect(colorOf(-5)).toEqual(colorOf(-1));
    expect(colorOf(5)).toEqual(colorOf(1));
  });

  it('treats both signs alike', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (value) => {
        expect(divergingIndex(value) + divergingIndex(-value)).toBe(divergingTable.length - 1);
      }),
    );
  });
});

it('packs colours as ImageData stores them', () => {
  expect([...new Uint8Array(Uint32Array.of(packColor([1, 2, 3])).buffer)]).toEqual([1, 2, 3, 255]);
});
