import { createCamReconstructor } from '../cam.ts';
import {
  colorTable,
  cssColor,
  divergingTable,
  packColor,
  tableIndex,
  type ColorTable,
} from '../colorMaps.ts';
import { encodePng, toDataUri } from './bitmap.ts';
import { ink, type Pen } from './pen.ts';

/** A test image as the data set holds it. */
export interface ShownImage {
  exampleId: number;
  label: number;
  labelName: string;
  /** Height and width, pixels. */
  size: number;
  /** [size, size], 0 black to 255 white. */
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
  | { kind: 'difference'; minuend: ShownMap; subtrahend: ShownMap };

/** Square pictures, smooth ones included, by their values' colours. */
interface Raster {
  size: number;
  packedOf: (index: number) => number;
}

/** A smooth map has so many values per value of the plain one, along each side. */
const smoothing = 4;

function smoothCam({ camMap, mapSize, imageSize }: ShownMap): Float32Array {
  const size = imageSize * smoothing;
  return createCamReconstructor(mapSize, size)(camMap, new Float32Array(size ** 2));
}

const lookUp = (table: ColorTable, value: number): number => table[tableIndex(table, value)] ?? 0;

function buildRaster(picture: MapPicture, table: ColorTable, smooth: boolean): Raster {
  const values = (map: ShownMap): Float32Array => (smooth ? smoothCam(map) : map.cam);
  if (picture.kind === 'image') {
    const { size, pixels } = picture.image;
    const grey = (i: number): number => pixels[i] ?? 0;
    return { size, packedOf: (i) => packColor([grey(i), grey(i), grey(i)]) };
  }
  const factor = smooth ? smoothing : 1;
  if (picture.kind === 'cam') {
    const cam = values(picture.map);
    return {
      size: picture.map.imageSize * factor,
      packedOf: (i) => lookUp(table, cam[i] ?? 0),
    };
  }
  const [minuend, subtrahend] = [values(picture.minuend), values(picture.subtrahend)];
  return {
    size: picture.minuend.imageSize * factor,
    packedOf: (i) => lookUp(divergingTable, ((minuend[i] ?? 0) - (subtrahend[i] ?? 0)) / 2 + 0.5),
  };
}

/** Every cell reaches under its right and lower neighbours, so that no viewer shows seams. */
const overlap = 0.5;

function drawCells(pen: Pen, { size, packedOf }: Raster): void {
  for (let y = 0; y < size; y += 1) {
    const height = y + 1 < size ? 1 + overlap : 1;
    let x = 0;
    while (x < size) {
      const packed = packedOf(y * size + x);
      let end = x + 1;
      while (end < size && packedOf(y * size + end) === packed) end += 1;
      const width = end - x + (end < size ? overlap : 0);
      pen.cell(x, y, width, height, cssColor(packed));
      x = end;
    }
  }
}

/** Draws a picture as a square of `sidePt` at (x, y), with a hairline around it. */
export function drawPicture(
  pen: Pen,
  picture: MapPicture,
  x: number,
  y: number,
  sidePt: number,
): void {
  const { colorMap, smooth, lineWidthPt } = pen.style;
  const isSmooth = smooth && picture.kind !== 'image';
  const raster = buildRaster(picture, colorTable(colorMap), isSmooth);
  if (isSmooth) {
    const href = toDataUri(encodePng(raster.size, raster.packedOf));
    pen.add('image', { x, y, width: sidePt, height: sidePt, href });
  } else {
    const scale = `scale(${(sidePt / raster.size).toFixed(6)})`;
    const moved = pen.at(x, y).group({ transform: scale, 'data-picture': picture.kind });
    drawCells(moved, raster);
  }
  const frame = { fill: 'none', stroke: '#808080', 'stroke-width': lineWidthPt / 2 };
  pen.rect(x, y, sidePt, sidePt, frame);
}

export interface ColorBar {
  table: 'cam' | 'difference';
  label: string;
}

export const camBar: ColorBar = { table: 'cam', label: 'CAM / its maximum' };
export const differenceBar = (minuend: string, subtrahend: string): ColorBar => ({
  table: 'difference',
  label: `${minuend} − ${subtrahend}`,
});

const barSteps = 128;
const barTicks = { cam: ['0', '0.5', '1'], difference: ['−1', '0', '1'] };

function drawRamp(pen: Pen, { table }: ColorBar, length: number, thickness: number): void {
  const colors = table === 'cam' ? colorTable(pen.style.colorMap) : divergingTable;
  const step = length / barSteps;
  for (let i = 0; i < barSteps; i += 1) {
    const width = Math.min(step * (1 + overlap), length - i * step);
    const fill = cssColor(lookUp(colors, i / (barSteps - 1)));
    pen.rect(i * step, 0, width, thickness, { fill });
  }
  const { lineWidthPt } = pen.style;
  pen.rect(0, 0, length, thickness, { fill: 'none', stroke: ink, 'stroke-width': lineWidthPt / 2 });
}

/** Thickness of a bar and length of its ticks, pt. */
export const barThickness = 5;
const tick = 2;

/** A bar from left to right with its label under it. @returns its height, pt */
export function drawHorizontalBar(pen: Pen, bar: ColorBar, widthPt: number): number {
  drawRamp(pen, bar, widthPt, barThickness);
  const baseline = barThickness + tick + pen.sizePt;
  barTicks[bar.table].forEach((text, i, all) => {
    const x = (i / (all.length - 1)) * widthPt;
    pen.line(x, barThickness, x, barThickness + tick, {
      'stroke-width': pen.style.lineWidthPt / 2,
    });
    pen.text(text, x, baseline, { anchor: 'middle' });
  });
  pen.text(bar.label, widthPt / 2, baseline + pen.linePt, { anchor: 'middle' });
  return baseline + pen.linePt + pen.sizePt * 0.3;
}

/** The width that a vertical bar takes with its ticks and label, pt. */
export const verticalBarWidth = (pen: Pen): number =>
  barThickness + tick + 2 + pen.measure('0.5') + pen.linePt;

/** A bar that rises, its label beside it, reading upwards. */
export function drawVerticalBar(pen: Pen, bar: ColorBar, heightPt: number): void {
  drawRamp(
    pen.group({ transform: `translate(0 ${heightPt.toFixed(3)}) rotate(-90)` }),
    bar,
    heightPt,
    barThickness,
  );
  barTicks[bar.table].forEach((text, i, all) => {
    const y = heightPt * (1 - i / (all.length - 1));
    pen.line(barThickness, y, barThickness + tick, y, {
      'stroke-width': pen.style.lineWidthPt / 2,
    });
    const baseline = Math.min(Math.max(y + pen.sizePt * 0.36, pen.sizePt * 0.72), heightPt);
    pen.text(text, barThickness + tick + 2, baseline);
  });
  const x = verticalBarWidth(pen) - pen.sizePt * 0.3;
  const label = pen.fit(bar.label, heightPt);
  pen.text(label, x, heightPt / 2, { anchor: 'middle', upwards: true });
}
