/** A grid of equal tiles in a column of given width. Lengths in CSS pixels. */
export interface TileLayout {
  count: number;
  columns: number;
  rows: number;
  /** The image's side. */
  imageSize: number;
  /** Images side by side in one tile, and the width that they take. */
  panes: number;
  tileWidth: number;
  /** Image, gap and caption: what one row takes. */
  rowHeight: number;
  columnWidth: number;
}

export interface TileMeasures {
  imageSize: number;
  captionHeight: number;
  panes?: number;
}

export const tileGap = 8;
export const paneGap = 4;

/**
 * Tiles of `panes` images of `imageSize`, with a caption below; what is left of the width is shared
 * out between the columns.
 */
export function tileLayout(
  count: number,
  width: number,
  { imageSize, captionHeight, panes = 1 }: TileMeasures,
): TileLayout {
  const tileWidth = panes * imageSize + (panes - 1) * paneGap;
  const columns = Math.max(1, Math.floor((width + tileGap) / (tileWidth + tileGap)));
  return {
    count,
    columns,
    rows: Math.ceil(count / columns),
    imageSize,
    panes,
    tileWidth,
    rowHeight: imageSize + captionHeight + tileGap,
    columnWidth: Math.max(tileWidth, Math.floor((width + tileGap) / columns)),
  };
}

/** Rows in sight, with `overscan` more on either side: first, and the one after the last. */
export function visibleRows(
  { rows, rowHeight }: TileLayout,
  scrollTop: number,
  height: number,
  overscan: number,
): { first: number; end: number } {
  const first = Math.floor(scrollTop / rowHeight) - overscan;
  const end = Math.ceil((scrollTop + height) / rowHeight) + overscan;
  return { first: Math.min(Math.max(first, 0), rows), end: Math.max(0, Math.min(end, rows)) };
}

/** The tile at a point of the whole grid; null between tiles and beyond them. */
export function tileAt(layout: TileLayout, x: number, y: number): number | null {
  const { columns, columnWidth, tileWidth, rowHeight, count } = layout;
  const [column, row] = [Math.floor(x / columnWidth), Math.floor(y / rowHeight)];
  const isInside =
    x - column * columnWidth < tileWidth && y - row * rowHeight < rowHeight - tileGap;
  const index = row * columns + column;
  return isInside && x >= 0 && y >= 0 && column < columns && index < count ? index : null;
}

/** Upper left corner of a tile in the whole grid. */
export const tileOrigin = (
  { columns, columnWidth, rowHeight }: TileLayout,
  index: number,
): { x: number; y: number } => ({
  x: (index % columns) * columnWidth,
  y: Math.floor(index / columns) * rowHeight,
});

/** Where a key takes the active tile; null for keys that move nothing. */
export function moveTile(
  { columns, count }: TileLayout,
  index: number,
  key: string,
  rowsPerPage: number,
): number | null {
  const steps: Partial<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -columns * rowsPerPage,
    PageDown: columns * rowsPerPage,
    Home: -count,
    End: count,
  };
  const step = steps[key];
  if (step === undefined || count === 0) return null;
  const isRowStep = Math.abs(step) === columns && columns > 1;
  const target = index + step;
  // Up from the first row and down from the last stay where they are.
  if (isRowStep && (target < 0 || target >= count)) return index;
  return Math.min(Math.max(target, 0), count - 1);
}

/** The scroll position nearest to the present one that shows a tile whole. */
export function scrollToTile(
  layout: TileLayout,
  index: number,
  scrollTop: number,
  height: number,
): number {
  const { y } = tileOrigin(layout, index);
  if (y < scrollTop) return y;
  return Math.max(scrollTop, y + layout.rowHeight - height);
}
