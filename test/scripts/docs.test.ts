import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { expect, it } from 'vitest';
import { buildReference } from '../../scripts/docs.ts';

const reference = await buildReference();

it.each(reference.map(({ path, text }) => [relative(process.cwd(), path), path, text]))(
  '%s says what the code says; `npm run docs` writes it anew',
  async (_, path, text) => {
    expect(await readFile(path, 'utf8')).toBe(text);
  },
);

it('tells every call’s fields, their ranges, and what stands above the call in the contract', () => {
  const calls = reference.find(({ path }) => path.endsWith('calls.md'))?.text ?? '';
  const [, cut = ''] = calls.split('## examples.epoch\n');
  expect(cut).toMatch(/Every evaluated image of one epoch, N in all: exampleIds U32/);
  expect(cut).toMatch(/`runId` +\| string \(1 to 64\) +\| yes/);
});
