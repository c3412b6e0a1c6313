import { AfterimageError } from '../../errors.ts';
import { ptToMm, type FigureStyle } from '../style.ts';
import { drawHeading } from './heading.ts';
import {
  roundLength,
  type Anchor,
  type Drawing,
  type FontWeight,
  type Paint,
  type PictureShape,
  type Point,
  type Shape,
  type Stroke,
} from './shapes.ts';

/** Width in pt of a text in the figure's font. */
export type MeasureText = (text: string, sizePt: number, weight: FontWeight) => number;

/** All that a figure needs besides its data. */
export interface FigureOptions {
  style: FigureStyle;
  /** Said to screen readers, and the title of a PDF. */
  title: string;
  /** Drawn above the figure; none where nobody gave one. */
  heading?: string | undefined;
  measureText: MeasureText;
}

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
  anchor?: Anchor;
  fill?: string;
  /** Turned to read upwards around its anchor point. */
  upwards?: boolean;
}

export const ink = '#000000';

const roundPoint = ([x, y]: Point): Point => [roundLength(x), roundLength(y)];

const roundPaint = ({ stroke, ...fill }: Paint): Paint =>
  stroke === undefined
    ? fill
    : { ...fill, stroke: { ...stroke, widthPt: roundLength(stroke.widthPt) } };

/** The pieces between the places where the pen is lifted. */
function splitLines(points: readonly (Point | null)[]): Point[][] {
  const lines: Point[][] = [[]];
  for (const point of points) {
    if (point === null) lines.push([]);
    else lines.at(-1)?.push(roundPoint(point));
  }
  return lines.filter(({ length }) => length > 0);
}

/** Draws shapes into a list. Lengths in pt, y downwards, text on its baseline. */
export class Pen {
  readonly options: FigureOptions;
  readonly #shapes: Shape[];

  /** @param shapes what is drawn comes after these */
  constructor(options: FigureOptions, shapes: Shape[]) {
    this.options = options;
    this.#shapes = shapes;
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

  #group(x: number, y: number, isUpwards: boolean, options: FigureOptions): Pen {
    const shapes: Shape[] = [];
    this.#shapes.push({ kind: 'group', x, y, isUpwards, shapes });
    return new Pen(options, shapes);
  }

  /** A pen whose origin is at (x, y). */
  at(x: number, y: number, options = this.options): Pen {
    return this.#group(roundLength(x), roundLength(y), false, options);
  }

  /** A pen whose origin is at (0, y) and whose x axis points upwards. */
  upwardsAt(y: number): Pen {
    return this.#group(0, Number(y.toFixed(3)), true, this.options);
  }

  /** A line of ink, as wide as the style's lines, unless said otherwise. */
  line(x1: number, y1: number, x2: number, y2: number, stroke: Partial<Stroke> = {}): void {
    const whole: Stroke = { color: ink, widthPt: this.style.lineWidthPt, ...stroke };
    const [from, to] = [roundPoint([x1, y1]), roundPoint([x2, y2])];
    const widthPt = roundLength(whole.widthPt);
    this.#shapes.push({ kind: 'line', from, to, stroke: { ...whole, widthPt } });
  }

  rect(x: number, y: number, width: number, height: number, paint: Paint): void {
    const [[left, top], [across, down]] = [roundPoint([x, y]), roundPoint([width, height])];
    const place = { x: left, y: top, width: across, height: down };
    this.#shapes.push({ kind: 'rect', ...place, ...roundPaint(paint) });
  }

  circle(x: number, y: number, radius: number, paint: Paint): void {
    const place = { x: roundLength(x), y: roundLength(y), radius: roundLength(radius) };
    this.#shapes.push({ kind: 'circle', ...place, ...roundPaint(paint) });
  }

  /** A line through points; `null` lifts the pen. */
  polyline(points: readonly (Point | null)[], paint: Paint): void {
    const lines = splitLines(points);
    if (lines.length > 0) this.#shapes.push({ kind: 'polyline', lines, ...roundPaint(paint) });
  }

  picture({ x, y, ...picture }: Omit<PictureShape, 'kind'>): void {
    const [left, top] = roundPoint([x, y]);
    this.#shapes.push({ kind: 'picture', x: left, y: top, ...picture });
  }

  text(text: string, x: number, y: number, style: TextStyle = {}): void {
    const { sizePt = this.sizePt, weight = 'normal', anchor = 'start', fill = ink } = style;
    this.#shapes.push({
      kind: 'text',
      text: toXmlText(text),
      x: roundLength(x),
      y: roundLength(y),
      sizePt: roundLength(sizePt),
      weight,
      anchor,
      isUpwards: style.upwards === true,
      fill,
    });
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

/** INVALID_ARGUMENT if what was drawn is taller than the venue's page leaves for it. */
function requireRoom(heightPt: number, tallestPt: number): void {
  if (heightPt <= tallestPt + 1e-6) return;
  const mm = (value: number): string => ptToMm(Math.max(0, value)).toFixed(1);
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `The figure would be ${mm(heightPt)} mm tall, and the venue's page leaves ${mm(tallestPt)} mm for it.`,
    'Choose two columns, a wider figure, fewer runs or metrics, or another venue.',
  );
}

/**
 * Draws a figure of the style's width, under its heading. `draw` returns its height in pt; its pen's
 * `tallestPt` is what the heading leaves of the style's.
 */
export function drawSheet(options: FigureOptions, draw: (pen: Pen) => number): Drawing {
  const { style, title } = options;
  const shapes: Shape[] = [];
  const root = new Pen(options, shapes);
  // Room for the hairline around a picture, and for accents above capitals in the first line.
  const topPt = drawHeading(root, Math.max(0.5, root.sizePt * 0.12));
  const left = { ...style, tallestPt: style.tallestPt - topPt };
  const drawnPt = draw(root.at(0, topPt, { ...options, style: left }));
  requireRoom(drawnPt, left.tallestPt);
  const heightPt = Math.ceil((topPt + drawnPt) * 100) / 100;
  return {
    widthPt: roundLength(style.widthPt),
    heightPt: roundLength(heightPt),
    title: toXmlText(title),
    background: style.background === 'white' ? '#ffffff' : null,
    font: style.font,
    shapes,
  };
}
