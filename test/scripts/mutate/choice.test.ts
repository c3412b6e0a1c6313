import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { expect, test } from 'vitest';
import { chooseMutants, silent } from '../../../scripts/mutate/choice.ts';

const files = [
  'src/main/store/files.ts',
  'src/main/store/database/ids.ts',
  'src/main/training/estimate.ts',
  'src/main/transports/access.ts',
];
const folderOf = (file: string): string => file.split('/')[2] ?? '';

/** What Stryker then has to try, as text. */
async function list(): Promise<{ file: string; line: number; text: string; mutator: string }[]> {
  const sources = files.map((name) => ({
    name: join(process.cwd(), name),
    content: readFileSync(name, 'utf8'),
    mutate: true,
  }));
  const options = { plugins: null, excludedMutations: [], ignorers: [] };
  const { mutants } = await new Instrumenter(silent).instrument(sources, options);
  return mutants.map(({ fileName, location, replacement, mutatorName }) => ({
    file: relative(process.cwd(), fileName),
    line: location.start.line,
    text: replacement,
    mutator: mutatorName,
  }));
}

test('as many mutants are tried as are wanted, evenly by folder, no two of a line', async () => {
  const all = (await list()).length;
  const chosen = await chooseMutants(files, { seed: 1, count: 9, folderOf });
  const mutants = await list();
  expect(all).toBeGreaterThan(100);
  expect(mutants).toHaveLength(9);
  expect(new Set(mutants.map(({ file }) => file))).toEqual(new Set(chosen));
  const folders = Map.groupBy(mutants, ({ file }) => folderOf(file));
  expect([...folders.values()].map(({ length }) => length)).toEqual([3, 3, 3]);
  expect(new Set(mutants.map(({ file, line }) => `${file}:${line}`)).size).toBe(9);
  expect(mutants.map(({ mutator }) => mutator)).not.toContain('StringLiteral');
});
