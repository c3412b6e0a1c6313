import type { StripMode } from './useStrip.ts';
import { filmStrip, timelineScale } from './timelineScale.ts';

/** Title, colour bar and the gaps between: what a map figure takes besides its image. CSS pixels. */
const figureExtra = 46;
export const figureGap = 16;
const smallestSide = 112;

/**
 * Side of each map in CSS pixels, so that `columns` x `rows` figures fit the room: a whole number of
 * device pixels per map pixel where one fits, so that all map pixels are alike.
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
  const side = Math.min(width, Math.max(height, smallestSide));
  const pixel = Math.floor((side * devicePixelRatio) / Math.max(imageSize, 1));
  return pixel >= 1 ? (pixel * imageSize) / devicePixelRatio : Math.max(Math.floor(side), 0);
}

/** Besides the maps: the figures beside them, and the gap. CSS pixels. */
const narrowestFigures = 280;
const stageGap = 24;
/** Transport, track, lines at their lowest, labels of the axis, and the gaps between. */
const filmHeight = 200;
const timelineGutter = 30;
/** One run's metrics stand below its maps, those of two beside theirs. */
const metricsHeight = 60;

/** Side of a map in the strip, and the room for its heading and titles above, CSS pixels. */
const stripTile = 65;
const stripHeads = { methods: 84, epochs: 72 };

/** What the strip takes of a view. */
export const stripHeight = (mode: StripMode, runs: number): number =>
  mode === 'off' ? 0 : stripHeads[mode] + runs * (stripTile + 4);

/** What the maps may take of a view, below its tool bar, with so many runs and frames. */
export function mapRoom(
  view: { width: number; height: number },
  runs: number,
  frames: number,
): { width: number; height: number } {
  const { thumbnailSize } = filmStrip(timelineScale(frames, view.width - timelineGutter));
  return {
    width: view.width - narrowestFigures - stageGap,
    height:
      view.height - filmHeight - runs * (thumbnailSize + 4) - (runs === 1 ? metricsHeight : 0),
  };
}
