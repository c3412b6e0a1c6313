import { AfterimageError } from '../../errors.ts';
import { requireWidth } from '../figure.ts';
import { horizontalBarHeight, type ColorBar, type MapPicture } from './maps.ts';
import type { Pen } from '../drawing/pen.ts';
import { ptToMm } from '../style.ts';

export interface GridLine {
  text: string;
  bold?: boolean;
}

export interface GridCell {
  picture: MapPicture;
  /** Under the picture. */
  lines: GridLine[];
}

/** What stands in a grid whose pictures have a certain size. */
export interface GridContent {
  /** Above each picture of a row; none: no heading. */
  columnTitles: string[];
  /** Left of each row, reading upwards; empty in a grid without row titles. */
  rowTitles: string[];
  /** Null leaves a place empty. */
  cells: (GridCell | null)[][];
}

/** Rows of pictures, one below the other and, where the page is too short for that, abreast. */
export interface MapGrid {
  rows: number;
  /** Pictures of a row. */
  columns: number;
  /** Rows beside each other, at least. */
  abreast: number;
  hasRowTitles: boolean;
  /** Whether panel letters count the rows. */
  isLettered: boolean;
  /** What a row shows, in the plural. */
  what: string;
  bars: ColorBar[];
  /** Names under the pictures: a short page cuts none that the page's width leaves whole. */
  names: GridLine[];
  /** The content with texts that suit pictures of `side` pt. */
  fill: (side: number) => GridContent;
}

export interface GridLayout {
  content: GridContent;
  /** Rows beside each other. */
  abreast: number;
  /** Of a picture, pt. */
  side: number;
  /** Before each row, for its letter and title. */
  left: number;
  /** From the page's edge to the first row's margin, pt. */
  indent: number;
  /** From one row's margin to that of the row beside it. */
  rowStep: number;
  titleHeight: number;
  lineHeight: number;
  /** Of all lines and what is above them. */
  height: number;
}

/** Between pictures of a row, and more between rows abreast, pt. */
export const gap = 4;
const rowGap = gap + 5;
/** Narrowest picture that shows anything, pt. */
const leastSide = 12;
/** Half a hairline's width on either side. */
const hairline = 0.5;

function marginOf(pen: Pen, { isLettered, hasRowTitles }: MapGrid): number {
  const letter = isLettered && pen.style.panelLetters ? pen.sizePt * 1.3 : 0;
  return Math.max(hasRowTitles ? pen.linePt * 1.1 : 0, letter);
}

const widestLine = (pen: Pen, lines: readonly GridLine[]): number =>
  lines.reduce(
    (widest, { text, bold }) =>
      Math.max(widest, pen.measure(text, pen.sizePt, bold === true ? 'bold' : 'normal')),
    0,
  );

/** The widest text that must fit over or under one picture, pt. */
const widestText = (pen: Pen, { columnTitles, cells }: GridContent): number =>
  widestLine(pen, [
    ...columnTitles.map((text) => ({ text })),
    ...cells.flat().flatMap((cell) => cell?.lines ?? []),
  ]);

/** What stands above all rows, and under each row's pictures, pt. */
function textHeights(pen: Pen, { columnTitles, cells }: GridContent) {
  const lineCount = Math.max(...cells.flat().map((cell) => cell?.lines.length ?? 0));
  return {
    titleHeight: columnTitles.length > 0 ? pen.linePt : 0,
    below: lineCount === 0 ? gap : lineCount * pen.linePt + 5,
    end: lineCount === 0 ? 2 : 1,
  };
}

export const barsHeight = (pen: Pen, { bars }: MapGrid): number =>
  bars.length > 0 && pen.style.colorBar ? horizontalBarHeight(pen) : 0;

/** What the page's width leaves for one picture with so many rows abreast, pt. */
function sideByWidth(pen: Pen, grid: MapGrid, abreast: number): number {
  const gaps = abreast * (grid.columns - 1) * gap + (abreast - 1) * rowGap;
  const room = pen.style.widthPt - abreast * marginOf(pen, grid) - gaps - hairline;
  return room / (abreast * grid.columns);
}

/** The largest pictures, of `smallest` at least, with so many rows abreast; null: none fit. */
function layOutAbreast(
  pen: Pen,
  grid: MapGrid,
  abreast: number,
  smallest: number,
): GridLayout | null {
  const left = marginOf(pen, grid);
  const lines = Math.ceil(grid.rows / abreast);
  let side = sideByWidth(pen, grid, abreast);
  while (side + 1e-6 >= smallest) {
    const content = grid.fill(side);
    const { titleHeight, below, end } = textHeights(pen, content);
    const height = titleHeight + lines * (side + below) + end;
    const excess = height + barsHeight(pen, grid) - pen.style.tallestPt;
    if (excess <= 1e-6) {
      const rowStep = left + grid.columns * side + (grid.columns - 1) * gap + rowGap;
      const indent = (pen.style.widthPt - hairline - abreast * rowStep + rowGap) / 2;
      const lineHeight = side + below;
      return { content, abreast, side, left, indent, rowStep, titleHeight, lineHeight, height };
    }
    side -= excess / lines;
  }
  return null;
}

/** What bars of one width take side by side if each has room for its label, pt. */
export const barsWidth = (pen: Pen, bars: readonly ColorBar[]): number =>
  pen.style.colorBar
    ? bars.length *
      (Math.max(0, ...bars.map(({ wordings }) => pen.measure(wordings.at(-1) ?? ''))) + gap)
    : 0;

/** Says how many rows the page holds at most. */
function tooTall(pen: Pen, grid: MapGrid, side: number): AfterimageError {
  const { titleHeight, below, end } = textHeights(pen, grid.fill(side));
  const { tallestPt } = pen.style;
  const room = tallestPt - barsHeight(pen, grid) - titleHeight - end;
  let abreast = grid.abreast;
  while (sideByWidth(pen, grid, abreast + 1) >= side) abreast += 1;
  const most = abreast * Math.max(0, Math.floor((room + 1e-6) / (side + below)));
  const height = `${ptToMm(tallestPt).toFixed(0)} mm`;
  return new AfterimageError(
    'INVALID_ARGUMENT',
    `${grid.rows} ${grid.what} are too many for one page, on which a figure may be ${height} tall.`,
    most === 0
      ? 'Choose more width, a smaller font or another venue.'
      : `Show at most ${most} in one figure, or choose more width, a smaller font or another venue.`,
  );
}

/** INVALID_ARGUMENT unless pictures with their texts and the bars fit beside each other. */
function requireRoom(pen: Pen, grid: MapGrid): void {
  const count = grid.abreast * grid.columns;
  const side = Math.max(leastSide, widestText(pen, grid.fill(leastSide)));
  const pictures = pen.style.widthPt + (side - sideByWidth(pen, grid, grid.abreast)) * count;
  const bars = marginOf(pen, grid) + barsWidth(pen, grid.bars);
  if (bars > pictures) requireWidth(pen.options, bars, 'the labels of the colour bars');
  const what = count === 1 ? 'a picture and its text' : `${count} pictures and their text`;
  requireWidth(pen.options, pictures, what);
}

/** What the smallest picture must be for the names under it, pt. */
function smallestSide(pen: Pen, grid: MapGrid): number {
  const texts = widestText(pen, grid.fill(leastSide));
  const names = Math.min(widestLine(pen, grid.names), sideByWidth(pen, grid, grid.abreast));
  return Math.max(leastSide, texts, names);
}

/** The layout with the largest pictures; INVALID_ARGUMENT if the page is too narrow or too short. */
export function layOut(pen: Pen, grid: MapGrid): GridLayout {
  requireRoom(pen, grid);
  const smallest = smallestSide(pen, grid);
  let best: GridLayout | null = null;
  for (let { abreast } = grid; abreast <= grid.rows; abreast += 1) {
    // No picture gets wider with more of them beside it.
    if (sideByWidth(pen, grid, abreast) <= (best?.side ?? 0)) break;
    const layout = layOutAbreast(pen, grid, abreast, smallest);
    if (layout !== null && layout.side > (best?.side ?? 0)) best = layout;
  }
  if (best === null) throw tooTall(pen, grid, smallest);
  return best;
}
