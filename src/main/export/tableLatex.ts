import { defineOtherCharacter, escapeLatex } from '../../shared/latexText.ts';
import {
  digitsOf,
  isNumber,
  listNotes,
  noteOf,
  printCell,
  type Cell,
  type NumberCell,
  type Table,
} from './table.ts';
import { columnKind, shapeOf, type ColumnKind } from './tableColumns.ts';
import type { PlacedTable } from './tablePlacement.ts';

/** Sign, digits before and after the point, and of a deviation, that a siunitx column must hold. */
function siunitxColumn(table: Table, index: number): string {
  const { isSigned, whole, fraction, deviationDigits } = shapeOf(table, index);
  const format = `${isSigned ? '-' : ''}${whole}.${fraction}`;
  return deviationDigits === 0
    ? `S[table-format=${format}]`
    : `S[table-format=${format}(${deviationDigits}),separate-uncertainty]`;
}

const alignments: Record<Exclude<ColumnKind, 'decimal'>, string> = { right: 'r', left: 'l' };

function alignmentOf(table: Table, index: number): string {
  const kind = columnKind(table, index);
  return kind === 'decimal' ? siunitxColumn(table, index) : alignments[kind];
}

const raise = (mark: string): string => `\\textsuperscript{${mark}}`;

/** As siunitx reads it. */
const printAligned = (cell: NumberCell): string =>
  `${cell.bold === true ? '\\bfseries ' : ''}${digitsOf(cell).join(' \\pm ')}`;

function printText(cell: Exclude<Cell, null>): string {
  const text = escapeLatex(printCell(cell));
  return isNumber(cell) && cell.bold === true ? `\\textbf{${text}}` : text;
}

/** A cell with the mark of its note, which takes no room: it hangs in the space between columns. */
function printLatex(cell: Cell, kind: ColumnKind, notes: ReadonlyMap<string, string>): string {
  if (cell === null || printCell(cell) === '') return kind === 'decimal' ? '{--}' : '--';
  const mark = notes.get(noteOf(cell) ?? '');
  const raised = mark === undefined ? '' : `\\rlap{${raise(mark)}}`;
  if (kind === 'decimal' && isNumber(cell)) {
    return `${printAligned(cell)}${raised === '' ? '' : ` {${raised}}`}`;
  }
  return `${printText(cell)}${raised}`;
}

function printHeading(lines: readonly string[], kind: ColumnKind): string {
  const [first = '', ...others] = lines.map(escapeLatex);
  if (others.length === 0) return `{${first}}`;
  const side = kind === 'decimal' ? 'c' : alignments[kind];
  return `{\\shortstack[${side}]{${[first, ...others].join('\\\\')}}}`;
}

/** What the table sets for itself: the type of its venue, and numbers in the font of the text. */
function listSettings({ table, fitted }: PlacedTable, hasAligned: boolean): string[] {
  const hasBold = table.rows.some((row) =>
    row.some((cell) => isNumber(cell) && cell.bold === true),
  );
  const { sizePt = 0, columnSepPt = 0 } = fitted?.type ?? {};
  return [
    ...(fitted === null
      ? []
      : [
          `\\fontsize{${sizePt}}{${(sizePt * 1.2).toFixed(1)}}\\selectfont`,
          `\\setlength{\\tabcolsep}{${columnSepPt}pt}`,
        ]),
    ...(hasAligned ? [`\\sisetup{mode=text${hasBold ? ',detect-weight=true' : ''}}`] : []),
  ];
}

const listTabular = (placed: PlacedTable, notes: ReadonlyMap<string, string>): string[] => {
  const { table, headings } = placed;
  const kinds = table.columns.map((_, i) => columnKind(table, i));
  const kindAt = (i: number): ColumnKind => kinds[i] ?? 'left';
  const alignment = table.columns.map((_, i) => alignmentOf(table, i)).join(' ');
  return [
    `\\begin{tabular}{${alignment}}`,
    '  \\toprule',
    `  ${headings.map((lines, i) => printHeading(lines, kindAt(i))).join(' & ')} \\\\`,
    '  \\midrule',
    ...table.rows.map(
      (row) => `  ${row.map((cell, i) => printLatex(cell, kindAt(i), notes)).join(' & ')} \\\\`,
    ),
    '  \\bottomrule',
    '\\end{tabular}',
  ];
};

/** Notes below the table, over the width of the text. */
const listNoteLines = (notes: ReadonlyMap<string, string>): string[] =>
  notes.size === 0
    ? []
    : [
        '',
        '\\smallskip',
        '\\begin{minipage}{\\linewidth}',
        '  \\footnotesize\\raggedright',
        ...[...notes].map(([note, mark]) => `  ${raise(mark)}~${escapeLatex(note)}.\\par`),
        '\\end{minipage}',
      ];

/** For booktabs and siunitx: the preamble needs `\usepackage{booktabs,siunitx}`. */
export function toLatex(placed: PlacedTable): string {
  const { table, widthPt, fitted } = placed;
  const notes = listNotes(table);
  const hasAligned = table.columns.some((_, i) => columnKind(table, i) === 'decimal');
  const environment = fitted?.isAcross === true ? 'table*' : 'table';
  const body = [
    '\\centering',
    `\\caption{${escapeLatex(table.caption)}}`,
    `\\label{tab:${table.label}}`,
    ...listSettings(placed, hasAligned),
    ...listTabular(placed, notes),
    ...listNoteLines(notes),
  ];
  const lines = [
    `\\begin{${environment}}`,
    ...body.map((line) => (line === '' ? '' : `  ${line}`)),
    `\\end{${environment}}`,
    '',
  ];
  return [
    `% \\usepackage{booktabs${hasAligned ? ',siunitx' : ''}}`,
    ...(fitted === null
      ? []
      : [
          `% At most ${widthPt.toFixed(1)} pt wide, of ${fitted.roomPt.toFixed(1)} pt (${fitted.title}).`,
        ]),
    ...defineOtherCharacter(lines.join('')),
    ...lines,
  ].join('\n');
}
