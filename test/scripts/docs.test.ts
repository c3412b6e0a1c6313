import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeManuals } from '../../scripts/docs.ts';
import { configParts } from '../../src/core/config/runConfig.ts';
import { settingPaths } from '../../src/core/config/settings.ts';

const manuals = (await writeManuals()).map((manual) => ({
  ...manual,
  name: basename(manual.path),
}));

describe.each(manuals)('the manual $name', ({ path, text }) => {
  it('is what the code says; “npm run docs” writes it', () => {
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});

it('of the configuration names every component and every setting', () => {
  const text = manuals.find(({ name }) => name === 'configuration.md')?.text ?? '';
  for (const path of settingPaths.filter((one) => one.includes('.'))) {
    expect(text).toContain(`\`${path}\``);
  }
  for (const { key, components } of configParts) {
    for (const { name, source } of components) {
      expect(text).toContain(`\`${key}=${name}\``);
      expect(text).toContain(`Source: ${source}.`);
    }
  }
});

it('of the calls tells their fields and ranges, and what stands above each in the contract', () => {
  const text = manuals.find(({ name }) => name === 'calls.md')?.text ?? '';
  const [, cut = ''] = text.split('## examples.epoch\n');
  expect(cut).toMatch(/Every evaluated image of one epoch, N in all: exampleIds U32/);
  expect(cut).toMatch(/`runId` +\| string \(1 to 64\) +\| yes/);
});
