import type { Convolution } from './convolution.ts';
import { lengthOf, type Frame, type Images } from './frames.ts';
import type { Compute } from '../threads/compute.ts';
import { floatBytes } from '../module/moduleFunctions.ts';
import { kernelSize, tileInput, tileOutput } from './winograd.ts';

/** Transformed tiles lie in one plane [tiles, channels] for each element of a tile. */
export const planes = tileInput * tileInput;

/** About as many tiles at a time keep their planes in the second-level cache. */
const blockTiles = 64;

/**
 * Floats from plane to plane: a cache line more than a plane holds. A transform writes to all planes
 * in turn, and planes a power of two apart would compete for the same lines of the cache.
 */
const planeLength = (tiles: number, channels: number): number => tiles * channels + 16;

/** How the tiles of a block of images lie in memory. */
export interface TileWork {
  /** Lines of tiles in an image, and tiles in a line. */
  lines: number;
  perLine: number;
  /** Frames that the tiles of one block cover whole, with zeros where no image is. */
  input: Frame;
  output: Frame;
  inPlanes: number;
  outPlanes: number;
}

/** The same without addresses. */
function planTiles(c: Convolution) {
  const [lines, perLine] = [
    Math.ceil(c.outHeight / tileOutput),
    Math.ceil(c.outWidth / tileOutput),
  ];
  const output = {
    height: lines * tileOutput,
    width: perLine * tileOutput,
    channels: c.outChannels,
    top: 0,
    left: 0,
  };
  const input = {
    height: output.height + kernelSize - 1,
    width: output.width + kernelSize - 1,
    channels: c.inChannels,
    top: c.padTop,
    left: c.padLeft,
  };
  return { lines, perLine, input, output };
}

/**
 * Images whose tiles are in work at a time: no more than keep all of some threads busy, in blocks that
 * are equally large. Sums run over tiles in order, so that the bits do not depend on it.
 */
export function chooseBlock(c: Convolution, threads: number): number {
  const { lines, perLine } = planTiles(c);
  const most = Math.max(1, Math.floor(blockTiles / (lines * perLine)));
  return Math.min(most, Math.ceil(c.batch / (threads === 1 ? 1 : 2 * threads)));
}

/** Floats that a block of images needs: two frames and the planes of both. */
export function lengthsOfWork(c: Convolution, images: number): [number, number, number, number] {
  const { lines, perLine, input, output } = planTiles(c);
  const tiles = images * lines * perLine;
  return [
    images * lengthOf(input),
    images * lengthOf(output),
    planes * planeLength(tiles, c.inChannels),
    planes * planeLength(tiles, c.outChannels),
  ];
}

/** Places frames and planes in memory. */
export function placeWork(
  c: Convolution,
  { frames, inPlanes, outPlanes }: { frames: number; inPlanes: number; outPlanes: number },
  images: number,
): TileWork {
  const { input, output, ...plan } = planTiles(c);
  return {
    ...plan,
    input: { ...input, address: frames },
    output: { ...output, address: frames + images * lengthOf(input) * floatBytes },
    inPlanes,
    outPlanes,
  };
}

/** How a transform finds an element of a tile, a tile and a line of tiles, in bytes. */
interface Layout {
  row: number;
  column: number;
  tile: number;
  line: number;
}

/** Bytes from plane to plane when `count` images are in work. */
export const planeBytes = ({ lines, perLine }: TileWork, count: number, channels: number): number =>
  planeLength(count * lines * perLine, channels) * floatBytes;

function planeLayout(work: TileWork, count: number, channels: number): Layout {
  const [tile, column] = [channels * floatBytes, planeBytes(work, count, channels)];
  return { row: tileInput * column, column, tile, line: work.perLine * tile };
}

function frameLayout({ width, channels }: Images): Layout {
  const column = channels * floatBytes;
  const row = width * column;
  return { row, column, tile: tileOutput * column, line: tileOutput * row };
}

const asSource = (layout: Layout) => ({
  sourceRow: layout.row,
  sourceColumn: layout.column,
  sourceTile: layout.tile,
  sourceLine: layout.line,
});
const asTarget = (layout: Layout) => ({
  targetRow: layout.row,
  targetColumn: layout.column,
  targetTile: layout.tile,
  targetLine: layout.line,
});

type Transform = Compute['functions']['transformInput'];

/** Transforms the tiles of the first `count` frames into planes. */
export function framesToPlanes(
  transform: Transform,
  work: TileWork,
  frame: Frame,
  planesAddress: number,
  count: number,
): void {
  const { lines, perLine } = work;
  const bytes = frame.channels * floatBytes;
  const layouts = {
    ...asSource(frameLayout(frame)),
    ...asTarget(planeLayout(work, count, frame.channels)),
  };
  for (let i = 0; i < count; i += 1) {
    const source = frame.address + i * lengthOf(frame) * floatBytes;
    const target = planesAddress + i * lines * perLine * bytes;
    transform({ source, target, ...layouts, lines, tiles: perLine, bytes });
  }
}

/** Transforms planes into the tiles of the first `count` frames. */
export function planesToFrames(
  transform: Transform,
  work: TileWork,
  planesAddress: number,
  frame: Frame,
  count: number,
): void {
  const { lines, perLine } = work;
  const bytes = frame.channels * floatBytes;
  const layouts = {
    ...asSource(planeLayout(work, count, frame.channels)),
    ...asTarget(frameLayout(frame)),
  };
  for (let i = 0; i < count; i += 1) {
    const source = planesAddress + i * lines * perLine * bytes;
    const target = frame.address + i * lengthOf(frame) * floatBytes;
    transform({ source, target, ...layouts, lines, tiles: perLine, bytes });
  }
}

/** Arguments that transform a kernel [side, side, in, out], as one tile of in * out channels, to another side. */
export function kernelTile(
  c: Convolution,
  source: { address: number; side: number },
  target: { address: number; side: number },
) {
  const bytes = c.inChannels * c.outChannels * floatBytes;
  const layout = (side: number): Layout => ({ row: side * bytes, column: bytes, tile: 0, line: 0 });
  return {
    source: source.address,
    ...asSource(layout(source.side)),
    target: target.address,
    ...asTarget(layout(target.side)),
    lines: 1,
    tiles: 1,
    bytes,
  };
}
