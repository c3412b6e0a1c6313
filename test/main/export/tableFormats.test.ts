import { describe, expect, it } from 'vitest';
import { formatTable } from '../../../src/main/export/tableFormats.ts';
import type { Table } from '../../../src/main/export/tables.ts';

/** Every kind of cell, and characters that mean something to each format. */
const table: Table = {
  caption: 'A & B: 50% of $x_1$, <see> [1]',
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
    expect(formatTable(table, 'md')).toBe(
      [
        '| Run | Share\\_of #1 (%) | Count | Note |',
        '| --- | ---: | ---: | --- |',
        '| a\\|b, "c" | 12.35 | 7 | – |',
        '| x\\_y\\*z | -0.50 | – | ~50% {^2}\\\\ next |',
        '',
        'A & B: 50% of $x\\_1$, \\<see\\> \\[1\\]',
        '',
      ].join('\n'),
    );
  });

  it('is LaTeX for booktabs and siunitx', () => {
    expect(formatTable(table, 'tex')).toBe(
      [
        '% \\usepackage{booktabs,siunitx}',
        '\\begin{table}',
        '  \\centering',
        '  \\caption{A \\& B: 50\\% of \\$x\\_1\\$, \\textless{}see\\textgreater{} {[}1{]}}',
        '  \\begin{tabular}{l S[table-format=-2.2] S[table-format=1.0] l}',
        '    \\toprule',
        '    {Run} & {Share\\_of \\#1 (\\%)} & {Count} & {Note} \\\\',
        '    \\midrule',
        '    a\\textbar{}b, "c" & 12.35 & 7 &  \\\\',
        '    x\\_y{*}z & -0.50 & {--} & \\textasciitilde{}50\\% \\{\\textasciicircum{}2\\}\\textbackslash{} next \\\\',
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
    expect(formatTable(empty, 'tex')).toContain('{l l l l}');
    expect(formatTable(empty, 'md')).toContain('| --- | --- | --- | --- |\n\n');
  });
});

describe('means and intervals', () => {
  const spread: Table = {
    caption: '',
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
    expect(formatTable(spread, 'md').split('\n').slice(1, 5)).toEqual([
      '| ---: | ---: | --- |',
      '| **0.13 ± 0.06** | [-0.50, 1.25] | <0.001 |',
      '| -10.00 ± 12.50 | – | 0.5 |',
      '| 1.00 | – | – |',
    ]);
  });

  it('are LaTeX that leaves room for every digit', () => {
    const lines = formatTable(spread, 'tex').split('\n');
    expect(lines).toContain('  \\sisetup{detect-weight=true,mode=text}');
    // 12.50 has four digits.
    expect(lines).toContain('  \\begin{tabular}{S[table-format=-2.2(4),separate-uncertainty] c l}');
    expect(lines).toContain(
      '    \\bfseries 0.13 \\pm 0.06 & $[-0.50, 1.25]$ & \\textless{}0.001 \\\\',
    );
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
