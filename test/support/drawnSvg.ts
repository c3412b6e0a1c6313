import { DOMParser } from '@xmldom/xmldom';
import type { Figure } from '../../src/core/figures/figure.ts';
import { drawSheet, type FigureOptions } from '../../src/core/figures/drawing/pen.ts';
import type { Drawing } from '../../src/core/figures/drawing/shapes.ts';
import { writeSvg } from '../../src/core/figures/drawing/svg.ts';

/** A drawing as its SVG says it, read by a parser that knows nothing of shapes. */
export const readDrawing = (drawing: Drawing): SVGElement =>
  new DOMParser().parseFromString(writeSvg(drawing), 'image/svg+xml')
    .documentElement as unknown as SVGElement;

export const drawSvg = <Data>(
  figure: Pick<Figure<never, Data>, 'draw'>,
  data: Data,
  options: FigureOptions,
): SVGElement => readDrawing(drawSheet(options, (pen) => figure.draw(pen, data)));
