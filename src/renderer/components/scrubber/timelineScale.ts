/**
 * One cell per frame from left to right, shared by the track, the film strip and the lines below it.
 * Lengths in CSS pixels.
 */
export interface TimelineScale {
  frames: number;
  cellWidth: number;
  /** All cells together. */
  width: number;
}

/** Room left of the axis for its labels. */
export const timelineGutter = 30;
const narrowestThumbnail = 18;
const thumbnailGap = 3;

/** Few epochs or many, the cells together take the whole width. */
export function timelineScale(frames: number, availableWidth: number): TimelineScale {
  const width = Math.max(availableWidth, 0);
  return { frames, cellWidth: width / Math.max(frames, 1), width: frames === 0 ? 0 : width };
}

/** Centre of a frame's cell. */
export const frameX = ({ cellWidth }: TimelineScale, frame: number): number =>
  (frame + 0.5) * cellWidth;

/** The frame whose cell holds x; beyond the ends the first or last. */
export function frameAtX({ frames, cellWidth }: TimelineScale, x: number): number {
  const frame = cellWidth === 0 ? 0 : Math.floor(x / cellWidth);
  return Math.min(Math.max(frame, 0), Math.max(frames - 1, 0));
}

/** Which frames the film strip draws, and how large: every `stride`-th, so that none overlap. */
export interface FilmStrip {
  stride: number;
  thumbnailSize: number;
  /** What each map was taken for is written in as many lines. */
  captionLines: 1 | 2;
}

/** Width of `4 ✗ 0.52`. */
const captionWidth = 58;

/** @param widest side of the largest thumbnails, CSS pixels */
export function filmStrip({ cellWidth }: TimelineScale, widest: number): FilmStrip {
  const room = Math.floor(cellWidth - thumbnailGap);
  const stride =
    room >= narrowestThumbnail
      ? 1
      : Math.ceil((narrowestThumbnail + thumbnailGap) / Math.max(cellWidth, 1e-3));
  const thumbnailSize = stride === 1 ? Math.min(room, widest) : narrowestThumbnail;
  return { stride, thumbnailSize, captionLines: cellWidth >= captionWidth ? 1 : 2 };
}

/** The line that says which class the maps are of, and one of the captions below them. CSS pixels. */
export const classLine = 14;
export const captionLine = 13;
const stripGap = 4;

/** What one run's strip takes. */
export const filmRowHeight = ({ thumbnailSize, captionLines }: FilmStrip): number =>
  classLine + thumbnailSize + captionLines * captionLine + stripGap;

/** Every how many frames a label of `labelWidth` fits: 1, 2, 5, 10, 20, 50 ... */
export function labelStride({ cellWidth }: TimelineScale, labelWidth: number): number {
  const least = labelWidth / Math.max(cellWidth, 1e-3);
  for (let decade = 1; ; decade *= 10) {
    const stride = [1, 2, 5].map((step) => step * decade).find((step) => step >= least);
    if (stride !== undefined) return stride;
  }
}
