import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root, runCli } from '../../support/cli.ts';
import { makeFolder } from '../../support/digits.ts';

const withoutMark = (cell: string): string => cell.trim().replace(/[*\u1d43-\u1d5b]$/u, '');

/** The cells of a table's row that begins with a name, without marks of footnotes. */
function cellsOf(text: string, name: string, isCell: RegExp): string[] {
  const rows = text.split('\n').map((line) => (line.match(isCell) ?? []).map(withoutMark));
  const row = rows.find(([first]) => first === name);
  if (row === undefined) throw new Error(`no row ${name}`);
  return row;
}

/** In Markdown, and as a terminal has them: at least two spaces apart. */
const inMarkdown = /(?<=\| )[^|]+(?= \|)/g;
const inText = /\S+(?: \S+)*/g;

it('the demo prints what the README shows of it', { timeout: 900_000 }, async () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const { code, stdout } = await runCli(makeFolder(), 'demo');
  expect(code).toBe(0);
  for (const name of ['demo C', 'demo R']) {
    const [, , , , , ...printed] = cellsOf(stdout, name, inText);
    const [, ...shown] = cellsOf(readme, name, inMarkdown);
    expect(shown, name).toEqual(printed);
    expect(shown).toHaveLength(6);
  }
});
