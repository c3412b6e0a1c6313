import type { FigureOptions } from '../../src/core/figures/drawing/pen.ts';
import type { Drawing } from '../../src/core/figures/drawing/shapes.ts';
import { readDrawing } from './drawnSvg.ts';

/** A text's extent along its line, and where the line is; pt. */
export interface TextBox {
  text: string;
  left: number;
  right: number;
  baseline: number;
  upwards: boolean;
  sizePt: number;
}

/** Every text of a drawing with its extent on the page, and the page's size, pt. */
export function listTexts(
  drawing: Drawing,
  { measureText }: Pick<FigureOptions, 'measureText'>,
): { boxes: TextBox[]; width: number; height: number } {
  const svg = readDrawing(drawing);
  const [, , width = 0, height = 0] = (svg.getAttribute('viewBox') ?? '').split(' ').map(Number);
  const boxes = Array.from(svg.getElementsByTagName('text'), (element): TextBox => {
    let [dx, dy] = [0, 0];
    for (let at = element.parentNode; at !== svg; at = at?.parentNode ?? null) {
      const moved = /translate\(([-\d.]+) ([-\d.]+)\)/.exec(
        (at as Element).getAttribute('transform') ?? '',
      );
      [dx, dy] = [dx + Number(moved?.[1] ?? 0), dy + Number(moved?.[2] ?? 0)];
    }
    const sizePt = Number(element.getAttribute('font-size'));
    const bold = element.getAttribute('font-weight') === 'bold';
    const text = element.textContent;
    const length = measureText(text, sizePt, bold ? 'bold' : 'normal');
    const anchor = element.getAttribute('text-anchor');
    const before = anchor === 'end' ? length : anchor === 'middle' ? length / 2 : 0;
    const upwards = element.getAttribute('transform')?.startsWith('rotate(-90') === true;
    const [x, y] = [dx + Number(element.getAttribute('x')), dy + Number(element.getAttribute('y'))];
    return upwards
      ? { text, sizePt, upwards, left: y + before - length, right: y + before, baseline: x }
      : { text, sizePt, upwards, left: x - before, right: x - before + length, baseline: y };
  });
  return { boxes, width, height };
}
