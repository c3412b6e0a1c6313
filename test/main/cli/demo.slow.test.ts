import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root, runCli } from '../../support/cli.ts';
import { makeFolder } from '../../support/digits.ts';

/** The cells of a Markdown table's row that begins with a name, without marks of footnotes. */
function cellsOf(markdown: string, name: string): string[] {
  const line = markdown.split('\n').find((one) => one.startsWith(`| ${name} `));
  if (line === undefined) throw new Error(`no row ${name}`);
  const cells = line.split('|').slice(1, -1);
  return cells.map((cell) => cell.trim().replace(/[*\u1d43-\u1d5b]$/u, ''));
}

it('the demo prints what the README shows of it', { timeout: 900_000 }, async () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const { code, stdout } = await runCli(makeFolder(), 'demo');
  expect(code).toBe(0);
  for (const name of ['demo C', 'demo R']) {
    const [, , , , , ...printed] = cellsOf(stdout, name);
    const [, ...shown] = cellsOf(readme, name);
    expect(shown, name).toEqual(printed);
    expect(shown).toHaveLength(6);
  }
});
