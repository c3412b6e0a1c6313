import sharp from 'sharp';
import { expect } from 'vitest';
import { colorTable, tableIndex, unpackColor } from '../../src/core/maps/colorMaps.ts';

/** Where the middle of every cell of a drawn map lies on the page, pt, row by row. */
function locateCells(svg: SVGElement, size: number): { x: number; y: number }[] {
  const picture = Array.from(svg.getElementsByTagName('g')).find(
    (group) => group.getAttribute('data-picture') === 'cam',
  );
  let [left, top, scale] = [0, 0, 0];
  for (let at: ParentNode | null = picture ?? null; at && at !== svg; at = at.parentNode) {
    const transform = (at as Element).getAttribute('transform') ?? '';
    const [, name, first = 0, second = 0] = /(\w+)\(([\d.]+) ?([\d.]+)?\)/.exec(transform) ?? [];
    if (name === 'scale') scale = Number(first);
    else [left, top] = [left + Number(first), top + Number(second)];
  }
  return Array.from({ length: size ** 2 }, (_, i) => ({
    x: left + ((i % size) + 0.5) * scale,
    y: top + (Math.floor(i / size) + 0.5) * scale,
  }));
}

/** Checks that a picture of the drawing shows every cell of its first map in its value's viridis. */
export async function expectMapColors(
  svg: SVGElement,
  cam: Float32Array,
  { png, dpi }: { png: Uint8Array | string; dpi: number },
): Promise<void> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const table = colorTable('viridis');
  locateCells(svg, Math.sqrt(cam.length)).forEach(({ x, y }, i) => {
    const [px, py] = [x, y].map((pt) => Math.floor((pt / 72) * dpi));
    const start = ((py ?? 0) * info.width + (px ?? 0)) * 3;
    const wanted = unpackColor(table[tableIndex(table, cam[i] ?? 0)] ?? 0);
    // A renderer may round a level up or down.
    wanted.forEach((level, k) => {
      expect(Math.abs((data[start + k] ?? 0) - level), `cell ${i}`).toBeLessThanOrEqual(1);
    });
  });
}
