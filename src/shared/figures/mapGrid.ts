import { requireWidth, panelLetter } from './figure.ts';
import { drawHorizontalBar, drawPicture, type ColorBar, type MapPicture } from './maps.ts';
import type { Pen } from './pen.ts';

export interface GridLine {
  text: string;
  bold?: boolean;
}

export interface GridCell {
  picture: MapPicture;
  /** Under the picture. */
  lines: GridLine[];
}

/** Pictures in rows and columns. */
export interface MapGrid {
  /** Above each column; none: no heading. */
  columnTitles: string[];
  /** Left of each row, reading upwards; none: no margin. */
  rowTitles: string[];
  /** Null leaves a place empty. */
  cells: (GridCell | null)[][];
  /** So many columns belong together and stand apart from the next; none: all do. */
  group?: number;
  bars: ColorBar[];
  /** What the panel letters count. */
  letters: 'rows' | 'cells' | 'none';
}

/** Between pictures, and more between groups of columns, pt. */
const gap = 4;
const groupGap = 5;
/** Narrowest picture that shows anything, pt. */
const leastSide = 12;

interface GridLayout {
  left: number;
  /** Of every column's picture. */
  xs: number[];
  side: number;
  lineCount: number;
  letterHeight: number;
}

function layOut(pen: Pen, grid: MapGrid): GridLayout {
  const columns = Math.max(...grid.cells.map((row) => row.length));
  const hasLetters = pen.style.panelLetters && grid.letters !== 'none';
  const letterWidth = hasLetters && grid.letters === 'rows' ? pen.sizePt * 1.3 : 0;
  const left = Math.max(grid.rowTitles.length > 0 ? pen.linePt * 1.1 : 0, letterWidth);
  const lines = grid.cells.flat().map((cell) => cell?.lines ?? []);
  const texts = lines
    .flat()
    .map(({ text, bold }) => pen.measure(text, pen.sizePt, bold ? 'bold' : 'normal'));
  const titles = grid.columnTitles.map((title) => pen.measure(title));
  const least = Math.max(leastSide, ...texts, ...titles);
  const { group = columns } = grid;
  const gaps = (columns - 1) * gap + (Math.ceil(columns / group) - 1) * groupGap;
  const pictures = left + columns * least + gaps + 0.5;
  const bars = left + barsWidth(pen, grid.bars);
  if (bars > pictures) requireWidth(pen.options, bars, 'the labels of the colour bars');
  const what = columns === 1 ? 'a picture and its text' : `${columns} pictures and their text`;
  requireWidth(pen.options, pictures, what);
  // Half a hairline's width on either side.
  const side = (pen.style.widthPt - left - gaps - 0.5) / columns;
  return {
    left,
    xs: Array.from(
      { length: columns },
      (_, i) => left + 0.25 + i * (side + gap) + Math.floor(i / group) * groupGap,
    ),
    side,
    lineCount: Math.max(...lines.map(({ length }) => length)),
    letterHeight: hasLetters && grid.letters === 'cells' ? pen.linePt : 0,
  };
}

function drawCell(pen: Pen, { picture, lines }: GridCell, side: number): void {
  drawPicture(pen, picture, 0, 0, side);
  lines.forEach(({ text, bold }, i) => {
    const baseline = side + pen.sizePt + 1.5 + i * pen.linePt;
    pen.text(text, side / 2, baseline, { anchor: 'middle', weight: bold ? 'bold' : 'normal' });
  });
}

function drawRow(pen: Pen, grid: MapGrid, row: number, layout: GridLayout): void {
  const { xs, side, letterHeight } = layout;
  const title = grid.rowTitles[row];
  const isLettered = pen.style.panelLetters;
  const top = letterHeight;
  if (isLettered && grid.letters === 'rows') {
    pen.text(panelLetter(row), 0, top + pen.sizePt * 0.8, { weight: 'bold' });
  }
  if (title !== undefined) {
    const room = isLettered && grid.letters === 'rows' ? side - pen.linePt : side;
    pen.text(pen.fit(title, room), pen.sizePt * 0.9, top + side - room / 2, {
      anchor: 'middle',
      upwards: true,
    });
  }
  grid.cells[row]?.forEach((cell, column) => {
    if (cell === null) return;
    const x = xs[column] ?? 0;
    if (letterHeight > 0) {
      pen.text(panelLetter(row * xs.length + column), x, pen.sizePt * 0.8, { weight: 'bold' });
    }
    drawCell(pen.at(x, top), cell, side);
  });
}

/** What bars of one width take side by side if each has room for its label, pt. */
const barsWidth = (pen: Pen, bars: readonly ColorBar[]): number =>
  pen.style.colorBar
    ? bars.length * (Math.max(0, ...bars.map(({ label }) => pen.measure(label))) + gap)
    : 0;

/** The bars side by side in the middle. @returns their height, pt */
function drawBars(pen: Pen, bars: readonly ColorBar[], left: number): number {
  if (bars.length === 0 || !pen.style.colorBar) return 0;
  const room = (pen.style.widthPt - left) / bars.length;
  const width = Math.min(room * 0.7, 144);
  const heights = bars.map((bar, i) =>
    drawHorizontalBar(pen.at(left + (i + 0.5) * room - width / 2, 0), bar, width),
  );
  return Math.max(...heights);
}

/** Draws pictures in rows and columns with their bars below. @returns the height, pt */
export function drawMapGrid(pen: Pen, grid: MapGrid): number {
  const layout = layOut(pen, grid);
  const { left, xs, side, lineCount, letterHeight } = layout;
  let y = 0;
  if (grid.columnTitles.length > 0) {
    grid.columnTitles.forEach((title, column) => {
      const x = (xs[column] ?? 0) + side / 2;
      pen.text(title, x, pen.sizePt * 0.8, { anchor: 'middle' });
    });
    y += pen.linePt;
  }
  const textHeight = lineCount === 0 ? gap : lineCount * pen.linePt + 5;
  grid.cells.forEach((_, row) => {
    drawRow(pen.at(0, y), grid, row, layout);
    y += letterHeight + side + textHeight;
  });
  y += lineCount === 0 ? 2 : 1;
  return y + drawBars(pen.at(0, y), grid.bars, left);
}
