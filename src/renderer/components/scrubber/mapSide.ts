import type { StripMode } from './useStrip.ts';
import { filmRowHeight, filmStrip, timelineGutter, timelineScale } from './timelineScale.ts';

/** Title, colour bar and the gaps between: what a map figure takes besides its image. CSS pixels. */
const figureExtra = 46;
export const figureGap = 12;
const smallestSide = 112;
/** From here on a map can be read; below it, equal pixels come second. */
const legibleSide = 200;

/**
 * Side of each map in CSS pixels, so that `columns` x `rows` figures fit the room: a whole number of
 * device pixels per map pixel, so that all map pixels are alike, unless only uneven ones make it legible.
 */
export function mapSide(
  room: { width: number; height: number },
  columns: number,
  rows: number,
  imageSize: number,
  devicePixelRatio: number,
): number {
  const width = (room.width - (columns - 1) * figureGap) / columns;
  const height = (room.height - (rows - 1) * figureGap) / rows - figureExtra;
  const side = Math.max(Math.floor(Math.min(width, Math.max(height, smallestSide))), 0);
  const pixel = Math.floor((side * devicePixelRatio) / Math.max(imageSize, 1));
  const even = (pixel * imageSize) / devicePixelRatio;
  return pixel < 1 || (even < legibleSide && side >= legibleSide) ? side : even;
}

/** Between the maps and the probabilities beside them. */
const stageGap = 16;
const narrowestPanel = 220;
/** Track, gaps, lines at their lowest, labels of the axis, and the transport above. CSS pixels. */
const filmExtra = 155;
/** By how many runs there are: strips of several leave the maps their room. */
const thumbnails = [64, 40, 32];
const largestThumbnail = 112;
/** The heading of the table of figures, and each run's row. */
const tableHead = 32;
const tableRow = 22;

/** Side of a map in the strip, and the room for its heading and titles above, CSS pixels. */
const stripTile = 65;
const stripHeads = { methods: 84, epochs: 72 };

/** What the strip takes of a view. */
export const stripHeight = (mode: StripMode, runs: number): number =>
  mode === 'off' ? 0 : stripHeads[mode] + runs * (stripTile + 4);

/** How the figures of an example stand: all in one line, or a row for each run. */
export interface StageLayout {
  inRows: boolean;
  columns: number;
  /** Of each map, CSS pixels. */
  side: number;
}

/** With the film below: how large its maps may be, CSS pixels. */
export interface StageWithFilm extends StageLayout {
  thumbnail: number;
}

export interface StageContent {
  runs: number;
  frames: number;
  /** Maps and overlays of one run: 1 or 2. */
  figuresPerRun: number;
  imageSize: number;
}

/** In a line: the input, each run's figures, and how each further run differs from the first. */
const lineColumns = ({ runs, figuresPerRun }: StageContent): number =>
  1 + runs * figuresPerRun + (runs - 1);
/** In rows: each run's figures beside the input, or beside how it differs from the first. */
const rowColumns = ({ figuresPerRun }: StageContent): number => 1 + figuresPerRun;

/**
 * The arrangement in which the maps are largest, with the film, and where the maps stay legible also the
 * table of figures, below them in the view; what does not fit is scrolled to.
 *
 * @param view what is left below the tool bar, CSS pixels
 */
export function layOutStage(
  view: { width: number; height: number },
  content: StageContent,
  devicePixelRatio: number,
): StageWithFilm {
  const { runs, frames, imageSize } = content;
  const width = view.width - narrowestPanel - stageGap;
  const thumbnail = thumbnails[runs - 1] ?? 32;
  const strip = filmStrip(timelineScale(frames, view.width - timelineGutter), thumbnail);
  const film = filmExtra + runs * filmRowHeight(strip);
  const best = (height: number): StageLayout => {
    const sideOf = (columns: number, rows: number): number =>
      mapSide({ width, height }, columns, rows, imageSize, devicePixelRatio);
    const [line, columns] = [lineColumns(content), rowColumns(content)];
    const [lineSide, rowSide] = [sideOf(line, 1), sideOf(columns, runs)];
    // Rows that go below the view are no gain.
    const fits = runs * (rowSide + figureExtra) + (runs - 1) * figureGap <= height;
    return runs > 1 && fits && rowSide > lineSide
      ? { inRows: true, columns, side: rowSide }
      : { inRows: false, columns: line, side: lineSide };
  };
  const room = view.height - film - tableHead - runs * tableRow;
  const withTable = best(room);
  if (withTable.side < legibleSide) return { ...best(view.height - film), thumbnail };
  const rows = withTable.inRows ? runs : 1;
  const left = room - rows * (withTable.side + figureExtra + figureGap);
  // Half of what is left is for the lines.
  const more = Math.max(0, Math.floor(left / (2 * runs)));
  return { ...withTable, thumbnail: Math.min(thumbnail + more, largestThumbnail) };
}
