import { describe, expect, it } from 'vitest';
import { mathCharacters } from '../../../src/core/formats/latexMath.ts';
import { transpose, type Table } from '../../../src/main/export/table.ts';
import { toLatex } from '../../../src/main/export/tableLatex.ts';
import { measureTable, type TableType } from '../../../src/main/export/tableWidth.ts';
import { runLatex } from '../../support/latex.ts';
import { sampleTables } from '../../support/sampleTables.ts';
import { needTool } from '../../support/tools.ts';

/** The classes' fonts, by what every LaTeX has. */
const types: (TableType & { preamble: string[] })[] = [
  { font: 'computer-modern', sizePt: 9, columnSepPt: 4, preamble: [] },
  { font: 'computer-modern', sizePt: 8, columnSepPt: 4, preamble: [] },
  { font: 'computer-modern', sizePt: 10, columnSepPt: 6, preamble: [] },
  { font: 'serif', sizePt: 8, columnSepPt: 4, preamble: ['\\usepackage{times}'] },
  {
    ...{ font: 'sans', sizePt: 18, columnSepPt: 4 },
    preamble: ['\\usepackage{helvet}', '\\renewcommand{\\familydefault}{\\sfdefault}'],
  },
];

const variants = Object.entries(sampleTables).flatMap(([name, table]: [string, Table]) =>
  ([1, 2] as const).flatMap((lines) => [
    { name: `${name} in rows, ${lines}`, lines, table },
    { name: `${name} in columns, ${lines}`, lines, table: transpose(table) },
  ]),
);

/** Computer Modern is measured by its widest cut, and letters that it lacks by its widest letter. */
const slack = { 'computer-modern': 1.09, serif: 1.03, sans: 1.03 };

/** LaTeX that says how wide a table is set in a type. */
function weigh(table: Table, type: TableType, lines: 1 | 2): string[] {
  const fitted = { type, roomPt: 9999, isAcross: false, title: '' };
  const latex = toLatex({ table, ...measureTable(table, type, lines), fitted }).split('\n');
  const [begin, end] = ['\\begin{tabular}', '\\end{tabular}'].map((edge) =>
    latex.findIndex((line) => line.includes(edge)),
  );
  const settings = latex.filter((line) => /fontsize|setlength|provide/.test(line));
  const tabular = latex.slice(begin, (end ?? 0) + 1);
  // An end of a line would be a space, wider than what is to be told.
  const box = ['\\setbox0\\hbox{', ...settings, ...tabular, '}\\typeout{WIDTH \\the\\wd0}'];
  return box.map((line) => `${line}%`);
}

/** A row of a character that is set as mathematics, which must not be wider than it is taken for. */
const repeat = (character: string): Table => ({
  caption: '',
  label: 'sign',
  columns: [{ key: 'sign', title: 'sign', unit: '' }],
  rows: [[{ text: character.repeat(10) }]],
});

describe('the width of a table', () => {
  for (const { preamble, ...type } of types) {
    it(`in ${type.font} at ${type.sizePt} pt is what pdfLaTeX makes it, or little more`, (context) => {
      needTool(context, 'pdflatex');
      const body = variants.flatMap(({ table, lines }) => weigh(table, type, lines));
      const { log } = runLatex(['\\documentclass{article}', ...preamble], body);
      const set = [...log.matchAll(/WIDTH ([\d.]+)pt/g)].map(([, width]) => Number(width));
      expect(set).toHaveLength(variants.length);
      variants.forEach(({ name, table, lines }, i) => {
        const { widthPt } = measureTable(table, type, lines);
        const actual = set[i] ?? 0;
        expect(widthPt, name).toBeGreaterThanOrEqual(actual);
        expect(widthPt, name).toBeLessThan(actual * slack[type.font]);
      });
    });
  }

  it('is not underestimated for any letter of Greek or sign of mathematics', (context) => {
    needTool(context, 'pdflatex');
    const type = types[1];
    if (type === undefined) throw new Error('there is no second type');
    const body = mathCharacters.flatMap((character) => weigh(repeat(character), type, 1));
    const { log } = runLatex(['\\documentclass{article}'], body);
    const set = [...log.matchAll(/WIDTH ([\d.]+)pt/g)].map(([, width]) => Number(width));
    expect(set).toHaveLength(mathCharacters.length);
    mathCharacters.forEach((character, i) => {
      const { widthPt } = measureTable(repeat(character), type, 1);
      expect(widthPt, character).toBeGreaterThanOrEqual(set[i] ?? Infinity);
    });
  });
});
