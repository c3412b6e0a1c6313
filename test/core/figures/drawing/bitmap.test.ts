import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { packColor, unpackColor } from '../../../../src/core/maps/colorMaps.ts';
import { encodePng, setResolution } from '../../../../src/core/figures/drawing/bitmap.ts';

const decode = async (png: Uint8Array): Promise<number[]> => [
  ...(await sharp(png).removeAlpha().toColourspace('srgb').raw().toBuffer()),
];

describe('a bitmap', () => {
  it.each([
    ['few colours', 3, (i: number) => packColor([i % 2 === 0 ? 255 : 7, 100, i])],
    // 400 colours: more than a palette holds.
    ['many colours', 20, (i: number) => packColor([i % 200, Math.floor(i / 200), 9])],
  ])('of %s is read as it was written', async (_, size, packedOf) => {
    const wanted = Array.from({ length: size * size }, (__, i) => unpackColor(packedOf(i)));
    expect(await decode(encodePng(size, packedOf))).toEqual(wanted.flat());
  });

  it('tells its physical size and shows the same', async () => {
    const png = encodePng(2, () => packColor([1, 2, 3]));
    const sized = setResolution(png, 300);
    expect((await sharp(sized).metadata()).density).toBe(300);
    expect(await decode(sized)).toEqual(await decode(png));
  });
});
