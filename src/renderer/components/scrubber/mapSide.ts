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
const thumbnails = [64, 40, 32, 24];
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

/**
 * How the figures of an example stand: all in one line; a row for each run; or a column for the input and
 * for each run, in which its map, overlay and difference stand below each other.
 */
export type Arrangement = 'line' | 'rows' | 'columns';

export interface StageLayout {
  arrangement: Arrangement;
  columns: number;
  /** Of each map, CSS pixels. */
  side: number;
  /** How much of the figures is seen at once, CSS pixels, the rest being scrolled to; null: all. */
  height: number | null;
  /** Where the probabilities stand: beside the figures, in their grid below the input, or after them. */
  panel: 'beside' | 'within' | 'below';
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

/** How many figures stand below each other in the column of a run. */
export const levelsOf = ({
  runs,
  figuresPerRun,
}: Pick<StageContent, 'runs' | 'figuresPerRun'>): number => figuresPerRun + (runs > 1 ? 1 : 0);

/**
 * Where a figure stands in columns, both counted from 1. Where there are more runs than columns, the
 * others follow in a band below.
 *
 * @param figure `slot` 0 is the input, from 1 on the runs; `level` is its place among the run's figures
 */
export function placeInColumns(
  { slot, level }: { slot: number; level: number },
  columns: number,
  levels: number,
): { column: number; row: number } {
  const band = Math.floor(slot / columns);
  return { column: 1 + (slot % columns), row: 1 + band * levels + level };
}

/** For the scroll bar of figures that are not all seen, and for the next title to show that there are more. */
const scrollBar = 12;
const nextTitle = 24;

/**
 * Columns whose maps are legible whatever the height: all of them where they fit, else those of one level,
 * and the others are scrolled to. In a narrow view it is the view that scrolls.
 */
function layOutColumns(
  room: { width: number; height: number },
  content: StageContent,
  devicePixelRatio: number,
): StageLayout {
  const slots = content.runs + 1;
  const fitInto = (width: number): number =>
    Math.max(1, Math.floor((width - scrollBar + figureGap) / (legibleSide + figureGap)));
  const besidePanel = room.width - narrowestPanel - stageGap;
  const panel =
    fitInto(besidePanel) >= slots ? 'beside' : fitInto(room.width) >= slots ? 'within' : 'below';
  const width = panel === 'beside' ? besidePanel : room.width;
  const columns = Math.min(slots, fitInto(width));
  const oneLevel = legibleSide + figureExtra;
  const height = Math.max(room.height, oneLevel);
  const sideOf = (visible: number, rows: number): number => {
    const inside = { width: width - scrollBar, height: visible };
    return mapSide(inside, columns, rows, content.imageSize, devicePixelRatio);
  };
  const whole = sideOf(height, Math.ceil(slots / columns) * levelsOf(content));
  const side = whole >= legibleSide ? whole : sideOf(Math.max(height - nextTitle, oneLevel), 1);
  return { arrangement: 'columns', columns, side, height: columns < 3 ? null : height, panel };
}

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
  const thumbnail = thumbnails[runs - 1] ?? 24;
  const strip = filmStrip(timelineScale(frames, view.width - timelineGutter), thumbnail);
  const film = filmExtra + runs * filmRowHeight(strip);
  const whole = { height: null, panel: 'beside' } as const;
  const best = (height: number): StageLayout => {
    const sideOf = (columns: number, rows: number): number =>
      mapSide({ width, height }, columns, rows, imageSize, devicePixelRatio);
    const [line, columns] = [lineColumns(content), rowColumns(content)];
    const [lineSide, rowSide] = [sideOf(line, 1), sideOf(columns, runs)];
    // Rows that go below the view are no gain.
    const fits = runs * (rowSide + figureExtra) + (runs - 1) * figureGap <= height;
    return runs > 1 && fits && rowSide > lineSide
      ? { arrangement: 'rows', columns, side: rowSide, ...whole }
      : { arrangement: 'line', columns: line, side: lineSide, ...whole };
  };
  const room = view.height - film - tableHead - runs * tableRow;
  const withTable = best(room);
  if (withTable.side < legibleSide) {
    const below = { width: view.width, height: view.height - film };
    const least = best(below.height);
    // One or two runs are seen whole, if small, while that is any use.
    const isEnough = least.side >= (runs < 3 ? smallestSide : legibleSide);
    const stage = isEnough ? least : layOutColumns(below, content, devicePixelRatio);
    return { ...stage, thumbnail };
  }
  const rows = withTable.arrangement === 'rows' ? runs : 1;
  const left = room - rows * (withTable.side + figureExtra + figureGap);
  // Half of what is left is for the lines.
  const more = Math.max(0, Math.floor(left / (2 * runs)));
  return { ...withTable, thumbnail: Math.min(thumbnail + more, largestThumbnail) };
}
