import { defineOtherCharacter, escapeLatex } from '../../core/formats/latexText.ts';
import { isAlignedRight, isNumber, listNotes, noteOf, type Cell } from './table.ts';
import { fillColumn, type FilledText } from './tableColumns.ts';
import type { PlacedTable } from './tablePlacement.ts';

const raise = (mark: string): string => `\\textsuperscript{${mark}}`;

/**
 * A cell with the mark of its note, which takes no room: it hangs in the space between columns. Signs are
 * set as mathematics: those of the text are bitmaps in many an installation, which venues refuse.
 */
function printLatex(
  cell: Cell,
  { before, filling, after }: FilledText,
  notes: ReadonlyMap<string, string>,
): string {
  if (before === '') return '--';
  const unseen = filling === '' ? '' : `\\phantom{${escapeLatex(filling)}}`;
  const mark = notes.get(noteOf(cell) ?? '');
  const marked = mark === undefined ? '' : `\\rlap{${raise(mark)}}`;
  const isBold = isNumber(cell) && cell.bold === true;
  const bold = (text: string): string => (isBold && text !== '' ? `\\textbf{${text}}` : text);
  return after === ''
    ? `${bold(escapeLatex(before))}${marked}${unseen}`
    : `${bold(`${escapeLatex(before)}${unseen}${escapeLatex(after)}`)}${marked}`;
}

function printHeading(lines: readonly string[], alignment: string): string {
  const printed = lines.map(escapeLatex);
  return printed.length === 1
    ? printed.join('')
    : `\\shortstack[${alignment}]{${printed.join('\\\\')}}`;
}

/** The type of the venue. */
function listSettings({ fitted }: PlacedTable): string[] {
  if (fitted === null) return [];
  const { sizePt, columnSepPt } = fitted.type;
  return [
    `\\fontsize{${sizePt}}{${(sizePt * 1.2).toFixed(1)}}\\selectfont`,
    `\\setlength{\\tabcolsep}{${columnSepPt}pt}`,
  ];
}

function listTabular(
  { table, headings }: PlacedTable,
  notes: ReadonlyMap<string, string>,
): string[] {
  const alignments = table.columns.map((_, i) => (isAlignedRight(table, i) ? 'r' : 'l'));
  const columns = table.columns.map((_, i) => {
    const texts = fillColumn(table, i);
    return texts.map((text, k) => printLatex(table.rows[k]?.[i] ?? null, text, notes));
  });
  const line = (cells: readonly (string | undefined)[]): string => `  ${cells.join(' & ')} \\\\`;
  return [
    `\\begin{tabular}{${alignments.join(' ')}}`,
    '  \\toprule',
    line(headings.map((lines, i) => printHeading(lines, alignments[i] ?? 'l'))),
    '  \\midrule',
    ...table.rows.map((_, k) => line(columns.map((cells) => cells[k]))),
    '  \\bottomrule',
    '\\end{tabular}',
  ];
}

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

/** For booktabs: the preamble needs `\usepackage{booktabs}`. */
export function toLatex(placed: PlacedTable): string {
  const { table, widthPt, fitted } = placed;
  const notes = listNotes(table);
  const environment = fitted?.isAcross === true ? 'table*' : 'table';
  const body = [
    '\\centering',
    `\\caption{${escapeLatex(table.caption)}}`,
    `\\label{tab:${table.label}}`,
    ...listSettings(placed),
    ...listTabular(placed, notes),
    ...listNoteLines(notes),
  ];
  const lines = [
    `\\begin{${environment}}`,
    ...body.map((line) => (line === '' ? '' : `  ${line}`)),
    `\\end{${environment}}`,
    '',
  ];
  const width =
    fitted === null
      ? []
      : [
          `% At most ${widthPt.toFixed(1)} pt wide, of ${fitted.roomPt.toFixed(1)} pt (${fitted.title}).`,
        ];
  const other = defineOtherCharacter(lines.join(''));
  return ['% \\usepackage{booktabs}', ...width, ...other, ...lines].join('\n');
}
