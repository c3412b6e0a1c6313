import { encodePng } from './bitmap.ts';
import type { PictureShape } from './shapes.ts';

/** How far cells reach under their neighbours, in cells' sides. */
export interface Overlap {
  right: number;
  below: number;
}

/** Every cell reaches under its right and lower neighbours, so that no viewer shows seams. */
export const overlap: Overlap = { right: 0.5, below: 0.5 };

/** Side of a picture's cell, pt, to a millionth: a picture has few hundred of them along a side. */
export const cellSide = ({ sidePt, size }: PictureShape): number =>
  Number((sidePt / size).toFixed(6));

type PaintCell = (x: number, y: number, width: number, height: number, color: number) => void;

/**
 * The cells of a picture in the order in which they must be painted, neighbours of one colour in a row
 * as one; lengths in cells' sides.
 */
export function paintCells(
  { size, colors }: PictureShape,
  paint: PaintCell,
  { right, below } = overlap,
): void {
  for (let y = 0; y < size; y += 1) {
    const height = y + 1 < size ? 1 + below : 1;
    let x = 0;
    while (x < size) {
      const color = colors[y * size + x] ?? 0;
      let end = x + 1;
      while (end < size && colors[y * size + end] === color) end += 1;
      paint(x, y, end - x + (end < size ? right : 0), height, color);
      x = end;
    }
  }
}

const encoded = new WeakMap<PictureShape, Uint8Array>();

/** The picture as a PNG; made once, since a figure is written in several formats. */
export function encodePicture(picture: PictureShape): Uint8Array {
  const known = encoded.get(picture);
  if (known !== undefined) return known;
  const png = encodePng(picture.size, (i) => picture.colors[i] ?? 0);
  encoded.set(picture, png);
  return png;
}
