import { panelLetter } from '../figure.ts';
import {
  barsHeight,
  barsWidth,
  gap,
  layOut,
  type GridCell,
  type GridLayout,
  type MapGrid,
} from './mapGridLayout.ts';
import { drawHorizontalBar, drawPicture } from './maps.ts';
import type { Pen } from '../drawing/pen.ts';

function drawCell(pen: Pen, { picture, lines }: GridCell, side: number): void {
  drawPicture(pen, picture, 0, 0, side);
  lines.forEach(({ text, bold }, i) => {
    const baseline = side + pen.sizePt + 1.5 + i * pen.linePt;
    pen.text(text, side / 2, baseline, { anchor: 'middle', weight: bold ? 'bold' : 'normal' });
  });
}

/** From a row's margin to one of its pictures, pt. */
const pictureX = ({ left, side }: GridLayout, column: number): number =>
  left + 0.25 + column * (side + gap);

function drawRow(pen: Pen, grid: MapGrid, row: number, layout: GridLayout): void {
  const { side, content } = layout;
  const title = content.rowTitles[row];
  const hasLetter = grid.isLettered && pen.style.panelLetters;
  if (hasLetter) pen.text(panelLetter(row), 0, pen.sizePt * 0.8, { weight: 'bold' });
  if (title !== undefined) {
    const room = hasLetter ? side - pen.linePt : side;
    pen.text(pen.fit(title, room), pen.sizePt * 0.9, side - room / 2, {
      anchor: 'middle',
      upwards: true,
    });
  }
  content.cells[row]?.forEach((cell, column) => {
    if (cell !== null) drawCell(pen.at(pictureX(layout, column), 0), cell, side);
  });
}

/** The bars side by side under the middle of the pictures. */
function drawBars(pen: Pen, { bars }: MapGrid, { left, indent }: GridLayout): void {
  if (bars.length === 0 || !pen.style.colorBar) return;
  const middle = (pen.style.widthPt + left) / 2;
  const pictures = pen.style.widthPt - 2 * indent - left;
  const room = Math.max(pictures, barsWidth(pen, bars)) / bars.length;
  const width = Math.min(room * 0.7, 18 * pen.sizePt);
  bars.forEach((bar, i) => {
    const x = middle + (i + 0.5 - bars.length / 2) * room - width / 2;
    drawHorizontalBar(pen.at(x, 0), bar, width, room - gap);
  });
}

/** Draws rows of pictures with their bars below. @returns the height, pt */
export function drawMapGrid(pen: Pen, grid: MapGrid): number {
  const layout = layOut(pen, grid);
  const { content, abreast, side, indent, rowStep, titleHeight, lineHeight, height } = layout;
  for (let beside = 0; beside < Math.min(abreast, grid.rows); beside += 1) {
    content.columnTitles.forEach((title, column) => {
      const x = indent + beside * rowStep + pictureX(layout, column) + side / 2;
      pen.text(title, x, pen.sizePt * 0.8, { anchor: 'middle' });
    });
  }
  for (let row = 0; row < grid.rows; row += 1) {
    const x = indent + (row % abreast) * rowStep;
    const y = titleHeight + Math.floor(row / abreast) * lineHeight;
    drawRow(pen.at(x, y), grid, row, layout);
  }
  drawBars(pen.at(0, height), grid, layout);
  return height + barsHeight(pen, grid);
}
