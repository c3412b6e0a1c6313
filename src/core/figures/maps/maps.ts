import { createCamReconstructor } from '../../maps/cam.ts';
import {
  colorTable,
  cssColor,
  divergingTable,
  packColor,
  tableIndex,
  type ColorTable,
} from '../../maps/colorMaps.ts';
import { overlap } from '../drawing/picture.ts';
import { ink, type Pen } from '../drawing/pen.ts';
import type { PictureShape, Stroke } from '../drawing/shapes.ts';

/** A test image as the data set holds it. */
export interface ShownImage {
  exampleId: number;
  label: number;
  labelName: string;
  /** Height and width, pixels. */
  size: number;
  /** [size, size], 0 black to 255 white, or [size, size, 3] of red, green, blue. */
  pixels: Uint8Array;
}

/** The map of one image at one epoch. */
export interface ShownMap {
  epoch: number;
  targetClass: number;
  targetName: string;
  predictedClass: number;
  predictedName: string;
  /** Whether the prediction is the label. */
  correct: boolean;
  /** Largest probability. */
  confidence: number;
  /** Pearson's correlation of map and image as stored; null where undefined or of another class. */
  inputCorrelation: number | null;
  mapSize: number;
  /** [mapSize, mapSize] */
  camMap: Float32Array;
  imageSize: number;
  /** [imageSize, imageSize] in [0,1] */
  cam: Float32Array;
}

/** What can be drawn in a square. */
export type MapPicture =
  | { kind: 'image'; image: ShownImage }
  | { kind: 'cam'; map: ShownMap }
  | { kind: 'difference'; minuend: ShownMap; subtrahend: ShownMap }
  /** [imageSize, imageSize], from 0 or -1 to 1. */
  | { kind: 'explained'; signed: boolean; values: Float32Array };

/** Square pictures, smooth ones included, by their values' colours. */
type Raster = Pick<PictureShape, 'size' | 'colors'>;

function paint(size: number, colorOf: (index: number) => number): Raster {
  const colors = new Uint32Array(size ** 2);
  for (let i = 0; i < colors.length; i += 1) colors[i] = colorOf(i);
  return { size, colors };
}

/** A smooth map has so many values per value of the plain one, along each side. */
const smoothing = 4;

function smoothCam({ camMap, mapSize, imageSize }: ShownMap): Float32Array {
  const size = imageSize * smoothing;
  return createCamReconstructor(mapSize, size)(camMap, new Float32Array(size ** 2));
}

/** Packed colours of an image's pixels by their index. */
function colorReader({ size, pixels }: ShownImage): (index: number) => number {
  const level = (i: number): number => pixels[i] ?? 0;
  return pixels.length === size ** 2
    ? (i) => packColor([level(i), level(i), level(i)])
    : (i) => packColor([level(3 * i), level(3 * i + 1), level(3 * i + 2)]);
}

const lookUp = (table: ColorTable, value: number): number => table[tableIndex(table, value)] ?? 0;

function paintExplained(
  { signed, values }: Extract<MapPicture, { kind: 'explained' }>,
  table: ColorTable,
): Raster {
  const at = (i: number): number => values[i] ?? 0;
  const colorOf = signed
    ? (i: number) => lookUp(divergingTable, (at(i) + 1) / 2)
    : (i: number) => lookUp(table, at(i));
  return paint(Math.sqrt(values.length), colorOf);
}

function buildRaster(picture: MapPicture, table: ColorTable, smooth: boolean): Raster {
  const values = (map: ShownMap): Float32Array => (smooth ? smoothCam(map) : map.cam);
  if (picture.kind === 'image') {
    return paint(picture.image.size, colorReader(picture.image));
  }
  if (picture.kind === 'explained') return paintExplained(picture, table);
  const factor = smooth ? smoothing : 1;
  if (picture.kind === 'cam') {
    const cam = values(picture.map);
    return paint(picture.map.imageSize * factor, (i) => lookUp(table, cam[i] ?? 0));
  }
  const [minuend, subtrahend] = [values(picture.minuend), values(picture.subtrahend)];
  const share = (i: number): number => ((minuend[i] ?? 0) - (subtrahend[i] ?? 0)) / 2 + 0.5;
  return paint(picture.minuend.imageSize * factor, (i) => lookUp(divergingTable, share(i)));
}

/** Whether a map is zero everywhere, so that it has no maximum to be divided by. */
export const isZeroMap = ({ camMap }: ShownMap): boolean => camMap.every((value) => value === 0);

const hairlineOf = (pen: Pen, color = ink): Stroke => ({
  color,
  widthPt: pen.style.lineWidthPt / 2,
});

/** A struck circle, light on dark, for what would pass for a map that is dark everywhere. */
function markZero(pen: Pen, middleX: number, middleY: number, sidePt: number): void {
  const radius = Math.min(sidePt * 0.16, pen.sizePt);
  const reach = radius * 1.3 * Math.SQRT1_2;
  const width = Math.min(pen.style.lineWidthPt, radius / 4);
  for (const [color, factor] of [
    [ink, 3],
    ['#ffffff', 1],
  ] as const) {
    const stroke = { color, widthPt: width * factor };
    pen.circle(middleX, middleY, radius, { stroke });
    const [left, right] = [middleX - reach, middleX + reach];
    pen.line(left, middleY + reach, right, middleY - reach, stroke);
  }
}

/** Along a side; of more, a picture's cells would make a file that viewers are slow to draw. */
const mostCells = 96;

function shownAs(picture: MapPicture): PictureShape['shows'] {
  if (picture.kind !== 'explained') return picture.kind;
  return picture.signed ? 'difference' : 'cam';
}

/** Draws a picture as a square of `sidePt` at (x, y), with a hairline around it and a mark on a map of zeros. */
export function drawPicture(
  pen: Pen,
  picture: MapPicture,
  x: number,
  y: number,
  sidePt: number,
): void {
  const { colorMap, smooth } = pen.style;
  const isSmooth = smooth && picture.kind !== 'image' && picture.kind !== 'explained';
  const raster = buildRaster(picture, colorTable(colorMap), isSmooth);
  const isBitmap = isSmooth || raster.size > mostCells;
  pen.picture({ shows: shownAs(picture), x, y, sidePt, ...raster, isBitmap });
  pen.rect(x, y, sidePt, sidePt, { stroke: hairlineOf(pen, '#808080') });
  if (picture.kind === 'cam' && isZeroMap(picture.map)) {
    markZero(pen, x + sidePt / 2, y + sidePt / 2, sidePt);
  }
}

export interface ColorBar {
  table: 'cam' | 'difference';
  /** Of its label, the longest first. */
  wordings: string[];
}

export const camBar: ColorBar = { table: 'cam', wordings: ['CAM / its maximum', 'CAM'] };
export const differenceBar = (minuend: string, subtrahend: string): ColorBar => ({
  table: 'difference',
  wordings: [`${minuend} − ${subtrahend}`],
});

const barSteps = 128;
const barTicks = { cam: ['0', '0.5', '1'], difference: ['−1', '0', '1'] };

function drawRamp(pen: Pen, { table }: ColorBar, length: number): void {
  const colors = table === 'cam' ? colorTable(pen.style.colorMap) : divergingTable;
  const [step, thickness] = [length / barSteps, thicknessOf(pen)];
  for (let i = 0; i < barSteps; i += 1) {
    const width = Math.min(step * (1 + overlap.right), length - i * step);
    const fill = cssColor(lookUp(colors, i / (barSteps - 1)));
    pen.rect(i * step, 0, width, thickness, { fill });
  }
  pen.rect(0, 0, length, thickness, { stroke: hairlineOf(pen) });
}

/** Thickness of a bar and length of its ticks, pt: in proportion to the text beside them. */
const thicknessOf = (pen: Pen): number => pen.sizePt * 0.625;
const tickOf = (pen: Pen): number => pen.sizePt * 0.25;

const barBaseline = (pen: Pen): number => thicknessOf(pen) + tickOf(pen) + pen.sizePt;

/** Height of a bar from left to right with its label, pt. */
export const horizontalBarHeight = (pen: Pen): number =>
  barBaseline(pen) + pen.linePt + pen.sizePt * 0.3;

/** A bar from left to right with its label, of `labelPt` at most, under it. */
export function drawHorizontalBar(pen: Pen, bar: ColorBar, widthPt: number, labelPt: number): void {
  drawRamp(pen, bar, widthPt);
  const [thickness, baseline] = [thicknessOf(pen), barBaseline(pen)];
  barTicks[bar.table].forEach((text, i, all) => {
    const x = (i / (all.length - 1)) * widthPt;
    pen.line(x, thickness, x, thickness + tickOf(pen), hairlineOf(pen));
    pen.text(text, x, baseline, { anchor: 'middle' });
  });
  const label = pen.choose(bar.wordings, labelPt);
  pen.text(label, widthPt / 2, baseline + pen.linePt, { anchor: 'middle' });
}

/** From a vertical bar to the text of its ticks, pt. */
const tickTextX = (pen: Pen): number => thicknessOf(pen) + tickOf(pen) + pen.sizePt * 0.25;

/** The width that a vertical bar takes with its ticks and label, pt. */
export const verticalBarWidth = (pen: Pen): number =>
  tickTextX(pen) + pen.measure('0.5') + pen.linePt;

/** A bar that rises, its label beside it, reading upwards. */
export function drawVerticalBar(pen: Pen, bar: ColorBar, heightPt: number): void {
  drawRamp(pen.upwardsAt(heightPt), bar, heightPt);
  const thickness = thicknessOf(pen);
  barTicks[bar.table].forEach((text, i, all) => {
    const y = heightPt * (1 - i / (all.length - 1));
    pen.line(thickness, y, thickness + tickOf(pen), y, hairlineOf(pen));
    const baseline = Math.min(Math.max(y + pen.sizePt * 0.36, pen.sizePt * 0.72), heightPt);
    pen.text(text, tickTextX(pen), baseline);
  });
  const x = verticalBarWidth(pen) - pen.sizePt * 0.3;
  const label = pen.choose(bar.wordings, heightPt);
  pen.text(label, x, heightPt / 2, { anchor: 'middle', upwards: true });
}
