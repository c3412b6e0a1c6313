import { expect, it } from 'vitest';
import { toCsv } from '../../../src/main/export/csv.ts';

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
