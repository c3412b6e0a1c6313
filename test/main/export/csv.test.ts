import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseCsv, toCsv } from '../../../src/main/export/csv.ts';

it.each([
  ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
  ['=1+1', "'=1+1"],
  ['+1 run', "'+1 run"],
  ['-cmd', "'-cmd"],
  ['-1+2', "'-1+2"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', `"'\r=1"`],
  ['-', "'-"],
])('%j is no formula', (text, printed) => {
  expect(toCsv([[text]])).toBe(`${printed}\r\n`);
});

it('numbers stay numbers, as values and as text, and other text stays as it is', () => {
  const row = [
    -0.25,
    -1e-21,
    '-0.12',
    '+3',
    '-.5e-7',
    'demo C',
    'a=b',
    'a,b',
    null,
    true,
    -Infinity,
  ];
  expect(toCsv([row])).toBe('-0.25,-1e-21,-0.12,+3,-.5e-7,demo C,a=b,"a,b",,true,\'-Infinity\r\n');
});

it('what was written is read as the text that it holds', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\r', '\n', ' ', '1') });
  const table = fc
    .integer({ min: 1, max: 4 })
    .chain((columns) =>
      fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { maxLength: 5 }),
    );
  fc.assert(
    fc.property(table, (rows) => {
      const disarmed = rows.map((row) => row.map((text) => text.replace(/^(?=\r)/, "'")));
      expect(parseCsv(toCsv(rows))).toEqual(disarmed);
    }),
  );
});
