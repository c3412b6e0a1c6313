import { describe, expect, it } from 'vitest';
import { formatTable } from '../../../src/main/export/tableFormats.ts';
import { pickFields, type Table } from '../../../src/main/export/table.ts';
import { inRows } from '../../../src/main/export/tablePlacement.ts';
import { tableDocumentSchema } from '../../../src/core/statistics/comparison.ts';

/** Every kind of cell, and characters that mean something to each format. */
const table: Table = {
  caption: 'A & B: 50% of $x_1$, <see> [1]',
  label: 'results',
  columns: [
    { key: 'run', title: 'Run', unit: '' },
    { key: 'share', title: 'Share_of #1', unit: '%' },
    { key: 'count', title: 'Count', unit: '' },
    { key: 'note', title: 'Note', unit: '' },
  ],
  rows: [
    [{ text: 'a|b, "c"' }, { value: 12.345, decimals: 2 }, { value: 7, decimals: 0 }, null],
    [{ text: 'x_y*z' }, { value: -0.5, decimals: 2 }, null, { text: '~50% {^2}\\ \nnext' }],
  ],
};

describe('a table', () => {
  it('is Markdown', () => {
    expect(formatTable(table, 'md', inRows)).toBe(
      [
        '| Run | Share\\_of #1 (%) | Count | Note |',
        '| --- | ---: | ---: | --- |',
        '| a\\|b, "c" | 12.35 | 7 | – |',
        '| x\\_y\\*z | −0.50 | – | ~50% {^2}\\\\ next |',
        '',
        'A & B: 50% of $x\\_1$, \\<see\\> \\[1\\]',
        '',
      ].join('\n'),
    );
  });

  it('is LaTeX for booktabs', () => {
    expect(formatTable(table, 'tex', inRows)).toBe(
      [
        '% \\usepackage{booktabs}',
        '\\begin{table}',
        '  \\centering',
        '  \\caption{A \\& B: 50\\% of \\$x\\_1\\$, \\textless{}see\\textgreater{} {[}1{]}}',
        '  \\label{tab:results}',
        '  \\begin{tabular}{l r r l}',
        '    \\toprule',
        '    Run & Share\\_of \\#1 (\\%) & Count & Note \\\\',
        '    \\midrule',
        '    a\\textbar{}b, "c" & 12.35 & 7 & -- \\\\',
        '    x\\_y{*}z & \\ensuremath{-}0.50 & -- & \\textasciitilde{}50\\% \\{\\textasciicircum{}2\\}\\textbackslash{} next \\\\',
        '    \\bottomrule',
        '  \\end{tabular}',
        '\\end{table}',
        '',
      ].join('\n'),
    );
  });

  it('is CSV with numbers in full', () => {
    expect(formatTable(table, 'csv')).toBe(
      [
        'run,share,count,note',
        '"a|b, ""c""",12.345,7,',
        'x_y*z,-0.5,,"~50% {^2}\\ \nnext"',
        '',
      ].join('\r\n'),
    );
  });

  it('is JSON with numbers in full', () => {
    expect(JSON.parse(formatTable(table, 'json'))).toEqual({
      caption: table.caption,
      columns: table.columns,
      rows: [
        { run: 'a|b, "c"', share: 12.345, count: 7, note: null },
        { run: 'x_y*z', share: -0.5, count: null, note: '~50% {^2}\\ \nnext' },
      ],
    });
  });

  it('may be without rows', () => {
    const empty = { ...table, rows: [] };
    expect(formatTable(empty, 'csv')).toBe('run,share,count,note\r\n');
    expect(formatTable(empty, 'tex', inRows)).toContain('{l l l l}');
    expect(formatTable(empty, 'md', inRows)).toContain('| --- | --- | --- | --- |\n\n');
  });
});

describe('means and intervals', () => {
  const spread: Table = {
    caption: '',
    label: 'spread',
    columns: [
      { key: 'iou', title: 'IoU', unit: '', parts: ['iou', 'iouDeviation'] },
      { key: 'interval', title: '95% interval', unit: '', parts: ['low', 'high'] },
      { key: 'p', title: 'p', unit: '' },
    ],
    rows: [
      [
        { value: 0.125, decimals: 2, deviation: 0.0625, bold: true },
        { low: -0.5, high: 1.25, decimals: 2 },
        { text: '<0.001' },
      ],
      [{ value: -10, decimals: 2, deviation: 12.5 }, null, { text: '0.5' }],
      [{ value: 1, decimals: 2, deviation: null }, null, null],
    ],
  };

  it('are Markdown', () => {
    expect(formatTable(spread, 'md', inRows).split('\n').slice(1, 5)).toEqual([
      '| ---: | ---: | --- |',
      '| **0.13 ± 0.06** | [−0.50, 1.25] | <0.001 |',
      '| −10.00 ± 12.50 | – | 0.5 |',
      '| 1.00 | – | – |',
    ]);
  });

  it('are LaTeX with their points below each other', () => {
    const lines = formatTable(spread, 'tex', inRows).split('\n');
    expect(lines).toContain('  \\begin{tabular}{r r l}');
    expect(lines.slice(-7, -4)).toEqual([
      '    \\textbf{0.13 \\ensuremath{\\pm} \\phantom{0}0.06} & {[}\\ensuremath{-}0.50, 1.25{]} & \\textless{}0.001 \\\\',
      '    \\ensuremath{-}10.00 \\ensuremath{\\pm} 12.50 & -- & 0.5 \\\\',
      '    1.00\\phantom{ \\ensuremath{\\pm} 00.00} & -- & -- \\\\',
    ]);
  });

  it('are two values in CSV', () => {
    expect(formatTable(spread, 'csv').split('\r\n')).toEqual([
      'iou,iouDeviation,low,high,p',
      '0.125,0.0625,-0.5,1.25,<0.001',
      '-10,12.5,,,0.5',
      '1,,,,',
      '',
    ]);
  });
});

describe('notes', () => {
  const noted: Table = {
    caption: 'Of 28 × 28 pixels, −1 to 1',
    label: 'noted',
    columns: [
      { key: 'run', title: 'Run', unit: '' },
      { key: 'iou', title: 'IoU', unit: '', countKeys: ['iouN'] },
      { key: 'p', title: 'p', unit: '' },
    ],
    rows: [
      [
        { text: 'x' },
        { value: 0.25, decimals: 2, note: 'Over 9 of 10', counts: [9] },
        { text: '<0.001', exact: 0.0004 },
      ],
      [
        { text: 'y', note: 'Over 8 of 10' },
        { value: -0.001, decimals: 2, note: 'Over 9 of 10', counts: [9], bold: true },
        null,
      ],
      [{ text: 'z' }, { text: '', exact: null, counts: [0] }, null],
    ],
  };

  it('are marked in the cells and written below Markdown', () => {
    expect(formatTable(noted, 'md', inRows)).toBe(
      [
        '| Run | IoU | p |',
        '| --- | ---: | ---: |',
        '| x | 0.25ᵃ | <0.001 |',
        '| yᵇ | **0.00**ᵃ | – |',
        '| z | – | – |',
        '',
        'Of 28 × 28 pixels, −1 to 1',
        '',
        'ᵃ Over 9 of 10.',
        '',
        'ᵇ Over 8 of 10.',
        '',
      ].join('\n'),
    );
  });

  it('take no room in LaTeX, whose caption is set as mathematics where it is', () => {
    const lines = formatTable(noted, 'tex', inRows).split('\n');
    expect(lines).toContain('  \\caption{Of $28 \\times 28$ pixels, \\ensuremath{-}1 to 1}');
    expect(lines.filter((line) => line.includes('&')).slice(1)).toEqual([
      '    x & 0.25\\rlap{\\textsuperscript{a}} & \\textless{}0.001 \\\\',
      '    y\\rlap{\\textsuperscript{b}} & \\textbf{0.00}\\rlap{\\textsuperscript{a}} & -- \\\\',
      '    z & -- & -- \\\\',
    ]);
    expect(lines).toContain('    \\textsuperscript{b}~Over 8 of 10.\\par');
  });

  it('are numbers in CSV and JSON, which hold what stands behind a text', () => {
    expect(formatTable(noted, 'csv')).toBe(
      'run,iou,iouN,p\r\nx,0.25,9,0.0004\r\ny,-0.001,9,\r\nz,,0,\r\n',
    );
    expect(tableDocumentSchema.parse(JSON.parse(formatTable(noted, 'json')))).toMatchObject({
      columns: [{ key: 'run' }, { key: 'iou', title: 'IoU' }, { key: 'iouN', title: 'n' }, {}],
      rows: [{ iou: 0.25, iouN: 9, p: 0.0004 }, {}, { iou: null, iouN: 0 }],
    });
  });
});

describe('a table’s fields', () => {
  it('are those named, in the order named', () => {
    const picked = pickFields(table, ['note', 'count', 'note']);
    expect(formatTable(picked, 'csv').split('\r\n')[1]).toBe(',7');
    expect(() => pickFields(table, ['note', 'cuont'])).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        remedy: 'Choose from run, share, count, note.',
      }) as Error,
    );
  });

  it('may stand below each other, in what is read alone', () => {
    const columns = { layout: 'columns', venue: null } as const;
    expect(formatTable(table, 'md', columns).split('\n').slice(0, 5)).toEqual([
      '| Run | a\\|b, "c" | x\\_y\\*z |',
      '| --- | ---: | ---: |',
      '| Share\\_of #1 (%) | 12.35 | −0.50 |',
      '| Count | 7 | – |',
      '| Note | – | ~50% {^2}\\\\ next |',
    ]);
    expect(formatTable(table, 'tex', columns)).toContain('\\begin{tabular}{l r r}');
    expect(formatTable(table, 'csv', columns)).toBe(formatTable(table, 'csv'));
  });
});
