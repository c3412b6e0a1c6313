import type { TableLayout } from '../../shared/comparison.ts';
import { AfterimageError } from '../../shared/errors.ts';
import { pointsPerInch, venues, type VenueName } from '../../shared/figures/style.ts';
import { isAlignedRight, pickFields, printCell, transpose, type Table } from './table.ts';
import { measureTable, type MeasuredTable, type TableType } from './tableWidth.ts';

/** How a table is laid out, and where it has to fit. */
export interface TablePlacement {
  /** `auto`: whichever is narrower. */
  layout: TableLayout;
  venue: VenueName | null;
}

/** A row per row of the table, as in a list that is only read. */
export const inRows: TablePlacement = { layout: 'rows', venue: null };

/** The type of tables in each venue's template; where that is not known, the wider of what is likely. */
const venueTypes: Record<VenueName, Pick<TableType, 'font' | 'sizePt'>> = {
  ieee: { font: 'serif', sizePt: 8 },
  lncs: { font: 'computer-modern', sizePt: 9 },
  elsevier: { font: 'computer-modern', sizePt: 8 },
  nature: { font: 'computer-modern', sizePt: 8 },
  neurips: { font: 'serif', sizePt: 9 },
  acm: { font: 'serif', sizePt: 8 },
  slide: { font: 'sans', sizePt: 18 },
};

/** Tables of no venue are measured in this only to tell which layout is narrower. */
const usualType: TableType = { font: 'computer-modern', sizePt: 10, columnSepPt: 6 };
const columnSepPt = 4;

const typeOf = (venue: VenueName | null): TableType =>
  venue === null ? usualType : { ...venueTypes[venue], columnSepPt };

/** A table as it is to be set. */
export interface PlacedTable extends MeasuredTable {
  table: Table;
  /** Null where the document decides about type and room. */
  fitted: { type: TableType; roomPt: number; isAcross: boolean; title: string } | null;
}

const toTexPt = (pt: number): number => (pt * 72.27) / pointsPerInch;

function listLayouts(table: Table, layout: TableLayout): Table[] {
  if (layout === 'rows') return [table];
  return layout === 'columns' ? [transpose(table)] : [table, transpose(table)];
}

/** The narrower layout of those allowed. */
export function arrangeTable(table: Table, { layout, venue }: TablePlacement): Table {
  const type = typeOf(venue);
  const widthOf = (one: Table): number => measureTable(one, type, 1).widthPt;
  return listLayouts(table, layout).reduce((best, other) =>
    widthOf(other) < widthOf(best) ? other : best,
  );
}

/**
 * Lays a table out: in a venue's column, headings on one line or, where that is too wide, on two; else
 * across both columns of its page. INVALID_ARGUMENT, saying by how much and what to leave out, for a
 * table that fits neither.
 */
export function placeTable(table: Table, placement: TablePlacement): PlacedTable {
  const { venue } = placement;
  const type = typeOf(venue);
  const arranged = arrangeTable(table, placement);
  if (venue === null) return { table: arranged, ...measureTable(arranged, type, 1), fitted: null };
  const { oneColumnPt, twoColumnsPt, title } = venues[venue];
  for (const room of new Set([oneColumnPt, twoColumnsPt])) {
    const roomPt = toTexPt(room);
    for (const lines of [1, 2] as const) {
      const fitting = listLayouts(table, placement.layout)
        .map((one) => ({ table: one, ...measureTable(one, type, lines) }))
        .filter(({ widthPt }) => widthPt <= roomPt)
        .sort((a, b) => a.widthPt - b.widthPt);
      const [best] = fitting;
      const isAcross = room > oneColumnPt;
      if (best !== undefined) return { ...best, fitted: { type, roomPt, isAcross, title } };
    }
  }
  throw tooWide(table, placement, type, title, toTexPt(twoColumnsPt));
}

const narrowest = (table: Table, layout: TableLayout, type: TableType): number =>
  Math.min(...listLayouts(table, layout).map((one) => measureTable(one, type, 2).widthPt));

/**
 * Keys that leave a table narrow enough: first go columns that say the same of every row, then those that
 * can be spared, then the last ones.
 */
function suggestFields(
  table: Table,
  layout: TableLayout,
  type: TableType,
  roomPt: number,
): string[] {
  const { columns, rows } = table;
  const isConstant = (i: number): boolean =>
    rows.length > 1 &&
    !isAlignedRight(table, i) &&
    new Set(rows.map((row) => printCell(row[i] ?? null))).size === 1;
  const worth = columns.map(({ isSpare }, i) => (isConstant(i) ? 0 : isSpare === true ? 1 : 2));
  const order = columns
    .map(({ key }, i) => ({ key, i, worth: worth[i] ?? 0 }))
    .slice(1)
    .sort((a, b) => a.worth - b.worth || b.i - a.i);
  let kept = columns.map(({ key }) => key);
  for (const { key } of order) {
    kept = kept.filter((one) => one !== key);
    if (narrowest(pickFields(table, kept), layout, type) <= roomPt) return kept;
  }
  return [];
}

function tooWide(
  table: Table,
  { layout }: TablePlacement,
  type: TableType,
  title: string,
  roomPt: number,
): AfterimageError {
  const widthPt = narrowest(table, layout, type);
  const kept = suggestFields(table, layout, type, roomPt);
  const left = table.columns.flatMap(({ key }) => (kept.includes(key) ? [] : [key]));
  return new AfterimageError(
    'INVALID_ARGUMENT',
    `The table is ${Math.ceil(widthPt - roomPt)} pt too wide for ${title}: ${Math.ceil(widthPt)} pt of ${Math.floor(roomPt)} pt.`,
    kept.length === 0
      ? `Show fewer than ${table.rows.length} rows in one table.`
      : `Leave out ${left.join(', ')} (--fields ${kept.join(',')})${table.rows.length > 2 ? ', or some of the rows' : ''}.`,
  );
}
