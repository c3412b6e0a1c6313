import { extentOf } from '../../arrays.ts';
import { toX, toY, type Plot, type SeriesStyle } from '../charts/chart.ts';
import { formatNumber } from '../figure.ts';
import { ink, type Pen } from '../drawing/pen.ts';
import { writeTicks, type Tick } from '../charts/ticks.ts';

/** What a series was before training, in a chart whose axis begins after it. */
export interface Untrained {
  value: number;
  style: SeriesStyle;
}

/** Three digits, or all before the point; a power of ten where that is too long. */
function writeValue(value: number): string {
  const magnitude = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  const isWrittenOut = magnitude >= 2 && magnitude < 6;
  const rounded = isWrittenOut ? Math.round(value) : Number(value.toPrecision(3));
  const decimals = Math.min(Math.max(2 - magnitude, 0), 20);
  return writeTicks([rounded], (number) => formatNumber(number, decimals))[0]?.text ?? '';
}

/** The values beyond one end of the axis: one text where they print alike, else the least and the most. */
function writeValues(values: readonly number[]): string[] {
  const [least, most] = extentOf(values).map(writeValue);
  if (least === undefined || most === undefined) return [];
  return least === most ? [least] : [`${least}–`, most];
}

const isBelow = ([low]: readonly [number, number], { value }: Untrained): boolean => value < low;
const isAbove = ([, high]: readonly [number, number], { value }: Untrained): boolean =>
  value > high;

/** The ends of the axis, and what lies beyond each. */
const listBeyond = (
  all: readonly Untrained[],
  yRange: Plot['yRange'],
): { isTop: boolean; beyond: Untrained[] }[] =>
  [
    { isTop: true, beyond: all.filter((one) => isAbove(yRange, one)) },
    { isTop: false, beyond: all.filter((one) => isBelow(yRange, one)) },
  ].filter(({ beyond }) => beyond.length > 0);

/** Room for the untrained values left of the first epoch drawn, pt; 0 where there are none. */
export function untrainedWidth(
  pen: Pen,
  all: readonly Untrained[],
  yRange: Plot['yRange'],
): number {
  if (all.length === 0) return 0;
  const texts = listBeyond(all, yRange).flatMap(({ beyond }) =>
    writeValues(beyond.map(({ value }) => value)),
  );
  return Math.max(1.6 * pen.sizePt, ...texts.map((text) => pen.measure(text) + 0.8 * pen.sizePt));
}

/** The tick of epoch 0, in the middle of its room. */
export const untrainedTick = (plot: Plot, width: number): Tick => {
  const [low, high] = plot.xRange;
  return { value: low + ((high - low) * width) / 2 / plot.width, text: '0' };
};

/** An arrow out of the axis, and the values that lie there. */
function drawBeyond(pen: Pen, plot: Plot, x: number, isTop: boolean, beyond: Untrained[]): void {
  const size = pen.sizePt * 0.32;
  const inwards = isTop ? 1 : -1;
  const tip = isTop ? plot.y + 1 : plot.y + plot.height - 1.5;
  const base = tip + inwards * 1.5 * size;
  const [first] = beyond;
  const fill = beyond.length === 1 && first !== undefined ? first.style.color : ink;
  pen.polyline(
    [
      [x, tip],
      [x - size, base],
      [x + size, base],
    ],
    { fill },
  );
  const texts = writeValues(beyond.map(({ value }) => value));
  const start = isTop
    ? base + pen.sizePt * 0.95
    : base - pen.sizePt * 0.3 - (texts.length - 1) * pen.linePt;
  texts.forEach((text, i) => {
    pen.text(text, x, start + i * pen.linePt, { anchor: 'middle', fill });
  });
}

/** Where the x axis leaps from epoch 0 to the first epoch drawn. */
function drawBreak(pen: Pen, plot: Plot, x: number): void {
  const [half, y] = [pen.sizePt * 0.3, plot.y + plot.height];
  for (const shift of [-0.6, 0.6]) {
    const at = x + shift * half;
    pen.line(at - half / 2, y + half, at + half / 2, y - half, {});
  }
}

/** Dashes at the series' values, side by side: runs of one seed begin alike. */
function drawInside(pen: Pen, plot: Plot, x: number, inside: readonly Untrained[]): void {
  const width = pen.sizePt * 0.9;
  const share = width / inside.length;
  inside.forEach(({ value, style }, i) => {
    const [left, y] = [x - width / 2 + i * share, toY(plot, value)];
    const stroke = { color: style.color, widthPt: pen.style.lineWidthPt * 1.6 };
    pen.line(left, y, left + share, y, stroke);
  });
}

/** A dash per series at its value, or an arrow with the value where that lies beyond the axis. */
export function drawUntrained(
  pen: Pen,
  plot: Plot,
  all: readonly Untrained[],
  width: number,
): void {
  if (all.length === 0) return;
  const x = toX(plot, untrainedTick(plot, width).value);
  const { yRange } = plot;
  drawInside(
    pen,
    plot,
    x,
    all.filter((one) => !isBelow(yRange, one) && !isAbove(yRange, one)),
  );
  for (const { isTop, beyond } of listBeyond(all, yRange)) drawBeyond(pen, plot, x, isTop, beyond);
  drawBreak(pen, plot, plot.x + width);
}
