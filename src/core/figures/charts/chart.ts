import { ink, type Pen } from '../drawing/pen.ts';
import { paradigmColors } from '../style.ts';
import type { Stroke } from '../drawing/shapes.ts';
import { listTicks, type Tick } from './ticks.ts';

/** Where and over which values a chart is drawn; pt, and the values' own units. */
export interface Plot {
  x: number;
  y: number;
  width: number;
  height: number;
  xRange: readonly [number, number];
  yRange: readonly [number, number];
}

/** The range of values, widened so that marks do not touch the frame. */
export function spanOf(values: readonly number[], margin = 0.05): [number, number] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const low = finite.reduce((a, b) => Math.min(a, b));
  const high = finite.reduce((a, b) => Math.max(a, b));
  const pad = high > low ? (high - low) * margin : Math.max(Math.abs(high) * 0.1, 1e-6);
  return [low - pad, high + pad];
}

export const toX = ({ x, width, xRange: [low, high] }: Plot, value: number): number =>
  x + ((value - low) / (high - low)) * width;
export const toY = ({ y, height, yRange: [low, high] }: Plot, value: number): number =>
  y + height - ((value - low) / (high - low)) * height;

const tickLength = 2.5;

/** Room right of a plot for half of its last tick's text, pt. */
export const rightMargin = (pen: Pen): number => pen.sizePt * 0.85;

/** Room that the y axis takes with ticks and label, pt. */
export const leftMargin = (pen: Pen, ticks: readonly Tick[]): number =>
  Math.max(...ticks.map(({ text }) => pen.measure(text))) + tickLength + 5 + pen.linePt;

/** Room that the x axis takes with ticks and label, pt. */
export const bottomMargin = (pen: Pen): number => tickLength + pen.sizePt + pen.linePt + 3;

/** As many round numbers along `length` pt as their texts stand clear of each other. */
export function fitTicks(
  pen: Pen,
  range: readonly [number, number],
  length: number,
  whole = false,
): Tick[] {
  const perUnit = length / (range[1] - range[0]);
  for (let count = Math.floor(length / (2 * pen.sizePt)); count > 2; count -= 1) {
    const ticks = listTicks(range, count, whole);
    if (standApart(pen, ticks, perUnit)) return ticks;
  }
  const few = listTicks(range, 2, whole);
  for (let step = 1; step < few.length; step += 1) {
    const kept = few.filter((_, i) => i % step === 0);
    if (standApart(pen, kept, perUnit)) return kept;
  }
  return few.slice(0, 1);
}

/** Whether evenly spaced ticks have clear space between their texts. */
function standApart(pen: Pen, ticks: readonly Tick[], perUnit: number): boolean {
  const [first, second] = ticks;
  if (first === undefined || second === undefined) return true;
  const widest = Math.max(...ticks.map(({ text }) => pen.measure(text)));
  return (second.value - first.value) * perUnit >= widest + pen.sizePt * 1.2;
}

/** As many round numbers along an upright axis as stand apart. */
export const stackTicks = (
  pen: Pen,
  range: readonly [number, number],
  height: number,
  whole = false,
): Tick[] => listTicks(range, Math.max(2, Math.floor(height / (pen.linePt * 2))), whole);

export interface Axes {
  xTicks: readonly Tick[];
  yTicks: readonly Tick[];
  xLabel: string;
  yLabel: string;
}

/** A frame open to the top and right, with ticks outwards and labels. */
export function drawAxes(pen: Pen, plot: Plot, { xTicks, yTicks, xLabel, yLabel }: Axes): void {
  const { x, y, width, height } = plot;
  const bottom = y + height;
  pen.polyline(
    [
      [x, y],
      [x, bottom],
      [x + width, bottom],
    ],
    { stroke: { color: ink, widthPt: pen.style.lineWidthPt } },
  );
  for (const { value, text } of xTicks) {
    const at = toX(plot, value);
    const rightmost = x + width + rightMargin(pen) - pen.measure(text) / 2;
    pen.line(at, bottom, at, bottom + tickLength, {});
    pen.text(text, Math.min(at, rightmost), bottom + tickLength + pen.sizePt, { anchor: 'middle' });
  }
  const labelY = bottom + tickLength + pen.sizePt + pen.linePt;
  pen.text(pen.fit(xLabel, width + x), x + width / 2, labelY, { anchor: 'middle' });
  drawYTicks(pen, plot, yTicks, yLabel);
}

/** The ticks and the label of the y axis, left of its line. */
export function drawYTicks(pen: Pen, plot: Plot, yTicks: readonly Tick[], yLabel: string): void {
  const { x, y, height } = plot;
  for (const { value, text } of yTicks) {
    const at = toY(plot, value);
    pen.line(x - tickLength, at, x, at, {});
    pen.text(text, x - tickLength - 2, at + pen.sizePt * 0.35, { anchor: 'end' });
  }
  const left = x - leftMargin(pen, yTicks) + pen.sizePt;
  pen.text(pen.fit(yLabel, height * 1.2), left, y + height / 2, {
    anchor: 'middle',
    upwards: true,
  });
}

/** How a series is told apart: by colour and, in grey, by dashes. */
export interface SeriesStyle {
  color: string;
  /** Lengths of dashes and gaps in turn, pt; empty: unbroken. */
  dashes: readonly number[];
}

const otherColors = ['#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000', '#8a7a00'];
const dashPatterns = [[], [4, 1.5], [1.2, 1.2], [5, 1.5, 1.2, 1.5], [7, 2], [2.5, 1]];

/** The first series of a paradigm with a colour of its own takes that, the others the rest. */
export function styleSeries(paradigms: readonly string[]): SeriesStyle[] {
  const taken = new Set<string>();
  let next = 0;
  return paradigms.map((paradigm, i) => {
    const own = paradigmColors[paradigm];
    const isFree = own !== undefined && !taken.has(own);
    const color = isFree ? own : (otherColors[next++ % otherColors.length] ?? ink);
    taken.add(color);
    return { color, dashes: dashPatterns[i % dashPatterns.length] ?? [] };
  });
}

export const strokeOf = (pen: Pen, { color, dashes }: SeriesStyle): Stroke => ({
  color,
  widthPt: pen.style.lineWidthPt * 1.6,
  dashes,
});

export interface LegendEntry {
  text: string;
  style: SeriesStyle;
  /** What stands for the series: a line, a filled box, or a line through one of its points. */
  key?: 'line' | 'box' | 'point';
}

/** Width of what stands for a series in a legend, pt. */
const keyWidthOf = (pen: Pen): number => 2 * pen.sizePt;

function drawKey(pen: Pen, key: LegendEntry['key'], style: SeriesStyle): void {
  const keyWidth = keyWidthOf(pen);
  if (key === 'box') {
    pen.rect(0, pen.sizePt * -0.3, keyWidth, pen.sizePt * 0.6, {
      fill: style.color,
      fillOpacity: 0.35,
      stroke: { color: style.color, widthPt: pen.style.lineWidthPt },
    });
    return;
  }
  pen.line(0, 0, keyWidth, 0, strokeOf(pen, style));
  if (key === 'point') drawPoint(pen, keyWidth / 2, 0, style);
}

/** A point of a series: round, or square for a broken line, so that grey tells them apart too. */
export function drawPoint(pen: Pen, x: number, y: number, { color, dashes }: SeriesStyle): void {
  const radius = pen.style.lineWidthPt * 2.6;
  if (dashes.length === 0) pen.circle(x, y, radius, { fill: color });
  else pen.rect(x - radius, y - radius, 2 * radius, 2 * radius, { fill: color });
}

/** Entries in lines of the figure's width from y = 0. @returns the height, pt */
export function drawLegend(pen: Pen, entries: readonly LegendEntry[]): number {
  // The outline of a box reaches half its width further.
  const left = pen.style.lineWidthPt;
  const keyWidth = keyWidthOf(pen);
  const room = pen.style.widthPt - left;
  let [x, baseline] = [left, pen.sizePt * 0.85];
  for (const { text, style, key = 'line' } of entries) {
    const shown = pen.fit(text, room - keyWidth - 4);
    const width = keyWidth + 3 + pen.measure(shown);
    if (x > left && x + width > left + room) [x, baseline] = [left, baseline + pen.linePt];
    const middle = baseline - pen.sizePt * 0.32;
    drawKey(pen.at(x, middle), key, style);
    pen.text(shown, x + keyWidth + 3, baseline);
    x += width + 10;
  }
  return baseline + pen.sizePt * 0.5;
}

/** A panel's letter at the upper left of its box. */
export function drawLetter(pen: Pen, letter: string, x: number, y: number): void {
  if (pen.style.panelLetters) pen.text(letter, x, y + pen.sizePt * 0.8, { weight: 'bold' });
}
