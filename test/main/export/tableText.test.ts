import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Table } from '../../../src/main/export/table.ts';
import { formatTable } from '../../../src/main/export/tableFormats.ts';
import { sampleTables } from '../../support/sampleTables.ts';

const table: Table = {
  caption: 'Two runs, of which one has no count',
  label: 'sample',
  columns: ['run name', 'share_of', 'count'].map((title) => ({ key: title, title, unit: '' })),
  rows: [
    [{ text: 'x_y*z' }, { value: -0.5, decimals: 2, bold: true }, null],
    [
      { text: 'longer\n\u001b[31mname' },
      { value: 12.25, decimals: 2, note: 'Mean over 3' },
      { value: 7, decimals: 0 },
    ],
  ],
};

const linesOf = (shown: Table, lineLength: number | null, layout: 'auto' | 'rows' = 'rows') =>
  formatTable(shown, 'text', { layout, venue: null, lineLength }).split('\n');

describe('a table as text', () => {
  it('has its columns in line, nothing escaped, and nothing that a terminal obeys', () => {
    expect(linesOf(table, null)).toEqual([
      'run name         share_of  count',
      '---------------  --------  -----',
      'x_y*z              −0.50*      –',
      'longer [31mname    12.25ᵃ      7',
      '',
      'Two runs, of which one has no count',
      '* the best of its metric.',
      'ᵃ Mean over 3.',
      '',
    ]);
  });

  it('breaks headings where a line is too short', () => {
    const [first, second] = linesOf({ ...table, rows: table.rows.slice(0, 1) }, 22);
    expect([first, second]).toEqual(['run', 'name   share_of  count']);
  });

  it('goes on below, each part with the first column', () => {
    const heads = linesOf(table, 27).filter((line) => line.startsWith('run name'));
    expect(heads).toEqual(['run name         share_of', 'run name         count']);
  });

  it('changes rows for columns only where that fits and is allowed', () => {
    const wide = sampleTables['every metric'];
    expect(linesOf(wide, null, 'auto')).toEqual(linesOf(wide, null, 'rows'));
    const turned = linesOf(wide, 60, 'auto').map((line) => line.split(/ {2,}/)[0]);
    const titles = wide.columns.slice(1).map(({ title }) => title);
    for (const title of titles) expect(turned.some((head) => head?.startsWith(title))).toBe(true);
  });

  it('never leaves a number out, and is no wider than the line where columns are not', () => {
    const cell = fc.record({
      value: fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
      decimals: fc.nat(4),
    });
    const rows = fc.array(fc.tuple(cell, cell, cell, cell, cell), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 40, max: 120 }), (cells, room) => {
        const columns = ['a', 'b', 'c', 'd', 'e'].map((title) => ({ key: title, title, unit: '' }));
        const lines = linesOf({ caption: '', label: '', columns, rows: cells }, room);
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(room);
        const text = lines.join('\n');
        for (const { value, decimals } of cells.flat()) {
          expect(text).toContain(Math.abs(value).toFixed(decimals));
        }
      }),
    );
  });
});
