import type { EpochColumns } from '../../examples/epochColumns.ts';
import type { ColorTable } from '../../maps/colorMaps.ts';
import { paintImage, paintMap, paintOverlay } from '../../maps/paint.ts';
import { readMap } from '../../maps/storedMaps.ts';
import { paneGap } from './tileLayout.ts';
import type { TileLayout } from './tileLayout.ts';

/** What one run says of each tile's image. */
export interface TilePane {
  columns: EpochColumns;
  /** Positions in `columns`, in the order of the tiles. */
  positions: Uint32Array;
  /** The number written on a tile. */
  numberOf: (position: number) => string;
  /** Colour of the confidence bar. */
  barColor: string;
}

/** What tiles are drawn from. */
export interface TileSource {
  /** One run, or two side by side. */
  panes: readonly TilePane[];
  count: number;
  classNames: readonly string[];
  /** Grey levels of an example's image, if they are here; null: its map is shown in its place. */
  imageOf: (exampleId: number) => Uint8Array | null | undefined;
}

/** How tiles are drawn. */
export interface TileStyle {
  table: ColorTable;
  opacity: number;
  smooth: boolean;
  /** Maps in their own cells. */
  native: boolean;
  threshold: number;
  font: string;
  colors: Record<'text' | 'muted' | 'bad' | 'groove' | 'empty', string>;
}

/** Class names of up to this length stand on one line with the confidence. */
const shortName = 3;
const lineHeight = 16;
const barHeight = 3;

export const isShort = (classNames: readonly string[]): boolean =>
  classNames.every((name) => name.length <= shortName);
/** Height of what is written below a tile's image, CSS pixels. */
export const captionHeightOf = (classNames: readonly string[]): number =>
  (isShort(classNames) ? lineHeight : 2 * lineHeight) + 10;

/**
 * Draws the tiles `first` ... `end` - 1, one row, from the canvas' left edge. `hasMap` tells which of
 * them show their map over the image.
 */
export function drawTileRow(
  context: CanvasRenderingContext2D,
  layout: TileLayout,
  source: TileSource,
  style: TileStyle,
  range: { first: number; end: number },
  hasMap: (index: number) => boolean,
): void {
  context.imageSmoothingEnabled = style.smooth;
  context.font = style.font;
  context.textBaseline = 'alphabetic';
  const slots = source.panes.flatMap((pane, i) =>
    Array.from({ length: range.end - range.first }, (_, column): Slot => {
      const x = column * layout.columnWidth + i * (layout.imageSize + paneGap);
      const index = range.first + column;
      return { pane, position: pane.positions[index] ?? 0, x, withMap: hasMap(index) };
    }),
  );
  drawImages(context, layout.imageSize, slots, source, style);
  for (const slot of slots) drawCaption(context, layout.imageSize, slot, source.classNames, style);
}

/** One image of one tile, and where it goes. */
interface Slot {
  pane: TilePane;
  position: number;
  x: number;
  withMap: boolean;
}

/** The row's images side by side at their own size; drawn from there, each scaled to its tile. */
let scratch: { canvas: OffscreenCanvas; context: OffscreenCanvasRenderingContext2D } | null = null;
function scratchOf(width: number, height: number): NonNullable<typeof scratch> | null {
  if (scratch?.canvas.width === width && scratch.canvas.height === height) return scratch;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  scratch = context === null ? null : { canvas, context };
  return scratch;
}

function drawImages(
  context: CanvasRenderingContext2D,
  side: number,
  slots: readonly Slot[],
  source: TileSource,
  style: TileStyle,
): void {
  const loaded: { x: number; pixels: ImageData }[] = [];
  for (const slot of slots) {
    const pixels = paintTile(source, style, slot);
    if (pixels !== null) loaded.push({ x: slot.x, pixels });
    else {
      context.fillStyle = style.colors.empty;
      context.fillRect(slot.x, 0, side, side);
    }
  }
  const size = loaded[0]?.pixels.width ?? 0;
  const target = size === 0 ? null : scratchOf(size * slots.length, size);
  if (target === null) return;
  // Of an image with more pixels than its tile, squares would leave some out.
  context.imageSmoothingEnabled = style.smooth || size > side;
  loaded.forEach(({ pixels }, i) => {
    target.context.putImageData(pixels, i * size, 0);
  });
  loaded.forEach(({ x }, i) => {
    context.drawImage(target.canvas, i * size, 0, size, size, x, 0, side, side);
  });
}

/** One tile's image, with its map over it if asked for; null while the image is on its way. */
function paintTile(
  { imageOf }: TileSource,
  style: TileStyle,
  { pane: { columns }, position, withMap }: Slot,
): ImageData | null {
  const image = imageOf(columns.exampleIds[position] ?? 0);
  if (image === undefined) return null;
  const { imageSize: size, maps } = columns;
  const data = new ImageData(size, size);
  const pixels = new Uint32Array(data.data.buffer);
  if (image !== null && !withMap) {
    paintImage(image, pixels);
    return data;
  }
  const { native } = style;
  const cam = readMap(maps, position, { imageSize: size, native }, new Float32Array(size * size));
  if (image === null) paintMap(cam, style.table, pixels);
  else paintOverlay(image, cam, style.table, style.opacity, pixels);
  return data;
}

function drawCaption(
  context: CanvasRenderingContext2D,
  side: number,
  { pane, position, x }: Slot,
  classNames: readonly string[],
  { colors, threshold }: TileStyle,
): void {
  const { columns } = pane;
  const [label, predicted] = [
    columns.labels[position] ?? 0,
    columns.predictedClasses[position] ?? 0,
  ];
  const number = pane.numberOf(position);
  const numberWidth = context.measureText(number).width;
  let y = side + 13;
  const write = (text: string, color: string, left: number, room: number): number => {
    context.fillStyle = color;
    const fitted = fitText(context, text, room);
    context.fillText(fitted, x + left, y);
    return left + context.measureText(fitted).width;
  };
  const name = (k: number): string => classNames[k] ?? String(k);
  let left = write(name(label), colors.text, 0, side);
  if (!isShort(classNames)) [y, left] = [y + lineHeight, -4];
  left = write('>', colors.muted, left + 4, side) + 4;
  const color = label === predicted ? colors.text : colors.bad;
  write(name(predicted), color, left, side - left - numberWidth - 4);
  context.fillStyle = colors.muted;
  context.fillText(number, x + side - numberWidth, y);
  const confidence = columns.confidence[position] ?? 0;
  drawBar(
    context,
    { x, y: y + 5, width: side, confidence, threshold },
    colors.groove,
    pane.barColor,
  );
}

/** The confidence, with a gap where the threshold is. */
function drawBar(
  context: CanvasRenderingContext2D,
  bar: { x: number; y: number; width: number; confidence: number; threshold: number },
  groove: string,
  color: string,
): void {
  const { x, y, width } = bar;
  context.fillStyle = groove;
  context.fillRect(x, y, width, barHeight);
  context.fillStyle = color;
  context.fillRect(x, y, Math.round(width * bar.confidence), barHeight);
  context.clearRect(Math.round(x + width * bar.threshold), y, 1, barHeight);
}

function fitText(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (text.length <= shortName || context.measureText(text).width <= room) return text;
  for (let length = text.length - 1; length > 1; length -= 1) {
    const shorter = `${text.slice(0, length)}…`;
    if (context.measureText(shorter).width <= room) return shorter;
  }
  return text.slice(0, 1);
}
