import type { Drawing, PictureShape } from '../../src/core/figures/drawing/shapes.ts';
import { unpackColor } from '../../src/core/maps/colorMaps.ts';

const [black, white, grey] = [0xff000000, 0xffffffff, 0xff808080];
const size = 9;

/** Cells in black, white and grey beside and above each other, most of them in larger patches. */
const colors = Uint32Array.from({ length: size ** 2 }, (_, p) => {
  const [x, y] = [p % size, Math.floor(p / size)];
  if (x > 5) return (x + y) % 2 === 0 ? grey : white;
  return x < 3 || y === 4 ? black : white;
});

/** A picture alone on its page, whose cells' edges fall between pixels. */
export function drawCellsAlone(sidePt: number): Drawing {
  const picture: PictureShape = {
    kind: 'picture',
    shows: 'cam',
    x: 1.13,
    y: 1.37,
    sidePt,
    size,
    colors,
    isBitmap: false,
  };
  const side = Math.ceil(sidePt + 3);
  return {
    title: 'cells',
    widthPt: side,
    heightPt: side,
    background: '#ff00ff',
    font: 'sans',
    shapes: [picture],
  };
}

/**
 * How far pixels are from every colour that they may have, at most: between the darkest and the
 * lightest of the cells that they touch.
 *
 * @param red of every pixel of the page, row by row
 */
export function findWorstPixel(
  { shapes }: Drawing,
  red: ArrayLike<number>,
  width: number,
  dpi: number,
): number {
  const [picture] = shapes as [PictureShape];
  const cell = picture.sidePt / size;
  let worst = 0;
  for (let p = 0; p < red.length; p += 1) {
    const [left, top] = [p % width, Math.floor(p / width)].map((at) => (at / dpi) * 72);
    const first = [(left ?? 0) - picture.x, (top ?? 0) - picture.y].map((at) => at / cell);
    const last = first.map((at) => at + 72 / dpi / cell);
    if (Math.min(...first) < 0 || Math.max(...last) > size) continue;
    const touched: number[] = [];
    for (let y = Math.floor(first[1] ?? 0); y < (last[1] ?? 0); y += 1) {
      for (let x = Math.floor(first[0] ?? 0); x < (last[0] ?? 0); x += 1) {
        touched.push(unpackColor(colors[y * size + x] ?? 0)[0]);
      }
    }
    const level = red[p] ?? 0;
    worst = Math.max(worst, Math.min(...touched) - level, level - Math.max(...touched));
  }
  return worst;
}
