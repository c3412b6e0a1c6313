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

/** A few epochs must not be strewn over a wide screen. */
const widestCell = 112;
const widestThumbnail = 56;
const narrowestThumbnail = 18;
const thumbnailGap = 3;

export function timelineScale(frames: number, availableWidth: number): TimelineScale {
  const cellWidth = Math.min(widestCell, Math.max(availableWidth, 0) / Math.max(frames, 1));
  return { frames, cellWidth, width: cellWidth * frames };
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
}

export function filmStrip({ cellWidth }: TimelineScale): FilmStrip {
  const room = cellWidth - thumbnailGap;
  if (room >= narrowestThumbnail) {
    return { stride: 1, thumbnailSize: Math.min(Math.floor(room), widestThumbnail) };
  }
  const stride = Math.ceil((narrowestThumbnail + thumbnailGap) / Math.max(cellWidth, 1e-3));
  return { stride, thumbnailSize: narrowestThumbnail };
}

/** Every how many frames a label of `labelWidth` fits: 1, 2, 5, 10, 20, 50 ... */
export function labelStride({ cellWidth }: TimelineScale, labelWidth: number): number {
  const least = labelWidth / Math.max(cellWidth, 1e-3);
  for (let decade = 1; ; decade *= 10) {
    const stride = [1, 2, 5].map((step) => step * decade).find((step) => step >= least);
    if (stride !== undefined) return stride;
  }
}
