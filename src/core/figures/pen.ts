import { drawHeading } from './heading.ts';
import { fontFamilies, type FigureStyle } from './style.ts';

export type FontWeight = 'normal' | 'bold';
/** Width in pt of a text in the figure's font. */
export type MeasureText = (text: string, sizePt: number, weight: FontWeight) => number;

/** All that a figure needs besides its data and a document. */
export interface FigureOptions {
  style: FigureStyle;
  /** Said to screen readers, and the title of a PDF. */
  title: string;
  /** Drawn above the figure; none where nobody gave one. */
  heading?: string | undefined;
  measureText: MeasureText;
}

const svgNamespace = 'http://www.w3.org/2000/svg';

/** Lengths are rounded to a thousandth of a point: 0.35 micrometres. */
export const formatLength = (value: number): string => String(Math.round(value * 1000) / 1000 + 0);

type Attribute = string | number;

/** Characters that XML 1.0 cannot hold, not even escaped: controls and halves of surrogate pairs. */
// eslint-disable-next-line no-control-regex
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** Text as every viewer shows it: an SVG folds white space, so what is measured must be folded too. */
export const toXmlText = (text: string): string =>
  text
    .replace(/[ \t\r\n]+/g, ' ')
    .trim()
    .replace(unwritable, '\ufffd');

export interface TextStyle {
  sizePt?: number;
  weight?: FontWeight;
  anchor?: 'start' | 'middle' | 'end';
  fill?: string;
  /** Turned to read upwards around its anchor point. */
  upwards?: boolean;
}

export const ink = '#000000';
export const faint = '#d0d0d0';

/** Draws into one SVG element. Lengths in pt, y downwards, text on its baseline. */
export class Pen {
  readonly options: FigureOptions;
  readonly element: SVGElement;
  readonly #document: Document;

  constructor(document: Document, element: SVGElement, options: FigureOptions) {
    this.#document = document;
    this.element = element;
    this.options = options;
  }

  get style(): FigureStyle {
    return this.options.style;
  }

  /** The size of ordinary text. */
  get sizePt(): number {
    return this.style.fontSizePt;
  }

  /** The distance of two lines of ordinary text. */
  get linePt(): number {
    return this.sizePt * 1.25;
  }

  measure(text: string, sizePt = this.sizePt, weight: FontWeight = 'normal'): number {
    return this.options.measureText(toXmlText(text), sizePt, weight);
  }

  add(name: string, attributes: Record<string, Attribute>, text?: string): SVGElement {
    const element = this.#document.createElementNS(svgNamespace, name);
    for (const [key, value] of Object.entries(attributes)) {
      element.setAttribute(key, typeof value === 'number' ? formatLength(value) : value);
    }
    if (text !== undefined) element.appendChild(this.#document.createTextNode(toXmlText(text)));
    this.element.appendChild(element);
    return element;
  }

  /** A pen whose drawings are moved as the attributes say. */
  group(attributes: Record<string, Attribute>): Pen {
    return new Pen(this.#document, this.add('g', attributes), this.options);
  }

  /** A pen whose origin is at (x, y). */
  at(x: number, y: number): Pen {
    return this.group({ transform: `translate(${formatLength(x)} ${formatLength(y)})` });
  }

  line(
    x1: number,
    y1: number,
    x2: number,
    y2: number,
    attributes: Record<string, Attribute>,
  ): void {
    this.add('line', {
      x1,
      y1,
      x2,
      y2,
      stroke: ink,
      'stroke-width': this.style.lineWidthPt,
      ...attributes,
    });
  }

  rect(
    x: number,
    y: number,
    width: number,
    height: number,
    attributes: Record<string, Attribute>,
  ): void {
    this.add('rect', { x, y, width, height, ...attributes });
  }

  /** A filled rectangle as a path: a third of the nodes, for what comes by the ten thousand. */
  cell(x: number, y: number, width: number, height: number, fill: string): void {
    const [across, down] = [formatLength(width), formatLength(height)];
    const d = `M${formatLength(x)} ${formatLength(y)}h${across}v${down}h-${across}z`;
    this.add('path', { d, fill });
  }

  /** A line through points; `null` lifts the pen. */
  polyline(
    points: readonly (readonly [number, number] | null)[],
    attributes: Record<string, Attribute>,
  ): void {
    let command = 'M';
    const parts: string[] = [];
    for (const point of points) {
      if (point !== null)
        parts.push(`${command}${formatLength(point[0])} ${formatLength(point[1])}`);
      command = point === null ? 'M' : 'L';
    }
    if (parts.length > 0) this.add('path', { d: parts.join(''), fill: 'none', ...attributes });
  }

  text(text: string, x: number, y: number, style: TextStyle = {}): void {
    const { sizePt = this.sizePt, weight = 'normal', anchor = 'start', fill = ink } = style;
    this.add(
      'text',
      {
        x,
        y,
        'font-size': sizePt,
        ...(weight === 'bold' && { 'font-weight': 'bold' }),
        ...(anchor !== 'start' && { 'text-anchor': anchor }),
        ...(style.upwards === true && {
          transform: `rotate(-90 ${formatLength(x)} ${formatLength(y)})`,
        }),
        fill,
      },
      text,
    );
  }

  /**
   * The text, or what is left of it in `widthPt` with an ellipsis for its middle: names of runs
   * often differ in their ends alone.
   */
  fit(text: string, widthPt: number, weight: FontWeight = 'normal'): string {
    const fits = (shown: string): boolean => this.measure(shown, this.sizePt, weight) <= widthPt;
    if (fits(text)) return text;
    const characters = Array.from(text);
    for (let kept = characters.length - 1; kept > 1; kept -= 1) {
      const end = Math.floor(kept / 2);
      const head = characters
        .slice(0, kept - end)
        .join('')
        .trimEnd();
      const shorter = `${head}…${characters
        .slice(characters.length - end)
        .join('')
        .trimStart()}`;
      if (fits(shorter)) return shorter;
    }
    return characters[0] ?? '';
  }

  /** The first of several wordings that fits in `widthPt`, or what fits of the last. */
  choose(wordings: readonly string[], widthPt: number): string {
    const fitting = wordings.find((wording) => this.measure(wording) <= widthPt);
    return fitting ?? this.fit(wordings.at(-1) ?? '', widthPt);
  }

  /** The text in lines of at most `widthPt`, broken between words; a longer word loses its middle. */
  wrap(text: string, widthPt: number, weight: FontWeight = 'normal'): string[] {
    const lines: string[] = [];
    for (const word of toXmlText(text).split(' ')) {
      const longer = lines.length === 0 ? word : `${lines.at(-1) ?? ''} ${word}`;
      if (lines.length > 0 && this.measure(longer, this.sizePt, weight) <= widthPt) {
        lines[lines.length - 1] = longer;
      } else lines.push(this.fit(word, widthPt, weight));
    }
    return lines;
  }
}

/**
 * Draws a figure of the style's width, under its heading. `draw` returns its height in pt; its pen's
 * `tallestPt` is what the heading leaves of the style's.
 *
 * @returns an svg element of that size, one user unit = 1 pt
 */
export function drawSheet(
  options: FigureOptions,
  document: Document,
  draw: (pen: Pen) => number,
): SVGElement {
  const { style, title } = options;
  const element = document.createElementNS(svgNamespace, 'svg');
  const root = new Pen(document, element, options);
  root.add('title', {}, title);
  const background = style.background === 'white' ? root.add('rect', { fill: '#ffffff' }) : null;
  // Room for the hairline around a picture, and for accents above capitals in the first line.
  const topPt = drawHeading(root, Math.max(0.5, root.sizePt * 0.12));
  const left = { ...style, tallestPt: style.tallestPt - topPt };
  const body = new Pen(document, root.at(0, topPt).element, { ...options, style: left });
  const heightPt = Math.ceil((topPt + draw(body)) * 100) / 100;
  const [width, height] = [formatLength(style.widthPt), formatLength(heightPt)];
  const attributes = {
    xmlns: svgNamespace,
    version: '1.1',
    width: `${width}pt`,
    height: `${height}pt`,
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'font-family': fontFamilies[style.font],
  };
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  background?.setAttribute('width', width);
  background?.setAttribute('height', height);
  return element;
}
