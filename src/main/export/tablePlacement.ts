import type { TableLayout } from '../../core/statistics/comparison.ts';
import { AfterimageError } from '../../core/errors.ts';
import { pointsPerInch, venues, type VenueName } from '../../core/figures/style.ts';
import { isAlignedRight, pickFields, printCell, transpose, type Table } from './table.ts';
import { measureTable, type MeasuredTable, type TableType } from './tableWidth.ts';

/** How a table is laid out, and where it has to fit. */
export interface TablePlacement {
  /** `auto`: whichever is narrower. */
  layout: TableLayout;
  venue: VenueName | null;
  /** Characters that fit a line of text; null or left out: any number. */
  lineLength?: number | null;
}

/** A row per row of the table, as in a list that is only read. */
export const inRows: TablePlacement = { layout: 'rows', venue: null };

/**
 * The type of tables in each venue's template; where its font has other widths than any we know, that of
 * the wider ones. A venue's room is that of its figures, but where its template's columns are narrower.
 */
const venueTypes: Record<VenueName, Omit<TableType, 'columnSepPt'> & { roomsPt?: number[] }> = {
  ieee: { font: 'serif', sizePt: 8 },
  lncs: { font: 'computer-modern', sizePt: 9 },
  elsevier: { font: 'computer-modern', sizePt: 8, roomsPt: [252, 522] },
  nature: { font: 'computer-modern', sizePt: 8 },
  neurips: { font: 'serif', sizePt: 9 },
  acm: { font: 'computer-modern', sizePt: 8 },
  slide: { font: 'sans', sizePt: 18 },
};

/** Tables of no venue are measured in this only to tell which layout is narrower. */
const usualType: TableType = { font: 'computer-modern', sizePt: 10, columnSepPt: 6 };
const columnSepPt = 4;

interface Room {
  title: string;
  type: TableType;
  /** One column, and the whole text where that is wider. */
  roomsPt: number[];
}

function findRoom(venue: VenueName): Room {
  const { oneColumnPt, twoColumnsPt, title } = venues[venue];
  const { font, sizePt, roomsPt } = venueTypes[venue];
  const own = [...new Set([oneColumnPt, twoColumnsPt])];
  const type = { font, sizePt, columnSepPt };
  return { title, type, roomsPt: roomsPt ?? own.map((pt) => (pt * 72.27) / pointsPerInch) };
}

/** A table as it is to be set. */
export interface PlacedTable extends MeasuredTable {
  table: Table;
  /** Null where the document decides about type and room. */
  fitted: { type: TableType; roomPt: number; isAcross: boolean; title: string } | null;
}

/** The layouts allowed, the narrower one first. */
function listLayouts(
  table: Table,
  layout: TableLayout,
  type: TableType,
  lines: 1 | 2,
): (MeasuredTable & { table: Table })[] {
  const tables = [
    ...(layout === 'columns' ? [] : [table]),
    ...(layout === 'rows' ? [] : [transpose(table)]),
  ];
  return tables
    .map((one) => ({ table: one, ...measureTable(one, type, lines) }))
    .sort((a, b) => a.widthPt - b.widthPt);
}

/** A table of no venue in the narrower of the layouts allowed, its headings on one line. */
export function arrangeTable(table: Table, layout: TableLayout): PlacedTable {
  const [arranged] = listLayouts(table, layout, usualType, 1);
  if (arranged === undefined) throw new Error(`no layout is called ${layout}`);
  return { ...arranged, fitted: null };
}

/** `placeTable` in a venue; null for a table that fits nowhere in it. */
export function findPlace(
  table: Table,
  { layout, venue }: TablePlacement & { venue: VenueName },
): PlacedTable | null {
  const { type, roomsPt, title } = findRoom(venue);
  for (const [i, roomPt] of roomsPt.entries()) {
    for (const lines of [1, 2] as const) {
      const [best] = listLayouts(table, layout, type, lines);
      if (best === undefined || best.widthPt > roomPt) continue;
      return { ...best, fitted: { type, roomPt, isAcross: i > 0, title } };
    }
  }
  return null;
}

/**
 * Lays a table out: in a venue's column, headings on one line or, where that is too wide, on two; else
 * across both columns of its page. INVALID_ARGUMENT, saying by how much and what to leave out, for a
 * table that fits neither.
 */
export function placeTable(table: Table, { layout, venue }: TablePlacement): PlacedTable {
  if (venue === null) return arrangeTable(table, layout);
  const placed = findPlace(table, { layout, venue });
  if (placed === null) throw tooWide(table, layout, findRoom(venue));
  return placed;
}

const leastWidth = (table: Table, layout: TableLayout, { type }: Room): number =>
  listLayouts(table, layout, type, 2)[0]?.widthPt ?? 0;

const widestRoom = ({ roomsPt }: Room): number => Math.max(...roomsPt);

/**
 * Keys that leave a table narrow enough: first go columns that say the same of every row, then those that
 * can be spared, then the last ones. None where no choice does.
 */
function suggestFields(table: Table, layout: TableLayout, room: Room): string[] {
  const { columns, rows } = table;
  const isConstant = (i: number): boolean =>
    rows.length > 1 &&
    !isAlignedRight(table, i) &&
    new Set(rows.map((row) => printCell(row[i] ?? null))).size === 1;
  const order = columns
    .map(({ key, isSpare }, i) => ({ key, i, worth: isConstant(i) ? 0 : isSpare === true ? 1 : 2 }))
    .slice(1)
    .sort((a, b) => a.worth - b.worth || b.i - a.i);
  let kept = columns.map(({ key }) => key);
  for (const { key } of order) {
    kept = kept.filter((one) => one !== key);
    if (leastWidth(pickFields(table, kept), layout, room) <= widestRoom(room)) return kept;
  }
  return [];
}

function tooWide(table: Table, layout: TableLayout, room: Room): AfterimageError {
  const { columns, rows } = table;
  const [widthPt, roomPt] = [leastWidth(table, layout, room), widestRoom(room)];
  const kept = suggestFields(table, layout, room);
  const left = columns.flatMap(({ key }) => (kept.includes(key) ? [] : [key]));
  const fewer = rows.length > 2 ? ', or some of the rows' : '';
  return new AfterimageError(
    'INVALID_ARGUMENT',
    `The table is ${Math.ceil(widthPt - roomPt)} pt too wide for ${room.title}: ${Math.ceil(widthPt)} pt of ${Math.floor(roomPt)} pt.`,
    kept.length === 0
      ? `Show fewer than ${rows.length} rows in one table.`
      : `Leave out ${left.join(', ')} (--fields ${kept.join(',')})${fewer}.`,
  );
}
