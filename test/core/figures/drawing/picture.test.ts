import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  cellSide,
  encodePicture,
  paintCells,
} from '../../../../src/core/figures/drawing/picture.ts';
import type { PictureShape } from '../../../../src/core/figures/drawing/shapes.ts';

const pictureOf = (size: number, colors: readonly number[]): PictureShape => ({
  kind: 'picture',
  shows: 'cam',
  x: 0,
  y: 0,
  sidePt: 10,
  size,
  colors: Uint32Array.from(colors),
  isBitmap: false,
});

/** Few colours, so that neighbours are often alike. */
const pictures = fc
  .integer({ min: 1, max: 9 })
  .chain((size) =>
    fc
      .array(fc.integer({ min: 1, max: 3 }), { minLength: size ** 2, maxLength: size ** 2 })
      .map((colors) => pictureOf(size, colors)),
  );

describe('the cells of a picture', () => {
  it('show every value in its colour, painted in their order, and none beyond its edge', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const shown = new Uint32Array(picture.size ** 2);
        paintCells(picture, (x, y, width, height, color) => {
          expect(Math.max(x + width, y + height)).toBeLessThanOrEqual(picture.size);
          for (let row = y; row + 0.5 < y + height; row += 1) {
            for (let column = x; column + 0.5 < x + width; column += 1) {
              shown[row * picture.size + column] = color;
            }
          }
        });
        expect(shown).toEqual(picture.colors);
      }),
    );
  });

  it('reach half a cell under their neighbours to the right and below', () => {
    const cells: number[][] = [];
    paintCells(pictureOf(2, [1, 2, 3, 3]), (...cell) => cells.push(cell));
    expect(cells).toEqual([
      [0, 0, 1.5, 1.5, 1],
      [1, 0, 1, 1.5, 2],
      [0, 1, 2, 1, 3],
    ]);
  });

  it('share the picture’s side, to a millionth of a point', () => {
    expect(cellSide({ ...pictureOf(3, []), sidePt: 10 })).toBe(3.333333);
  });
});

describe('a picture as a bitmap', () => {
  it('has a pixel for each colour', async () => {
    const [red, green, blue, white] = [0xff0000ff, 0xff00ff00, 0xffff0000, 0xffffffff];
    const png = encodePicture(pictureOf(2, [red, green, blue, white]));
    const { data, info } = await sharp(png)
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([2, 2]);
    expect([...data]).toEqual([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]);
  });
});
