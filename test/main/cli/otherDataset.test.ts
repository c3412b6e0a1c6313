import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runDocumentSchema } from '../../../src/main/export/runDocument.ts';
import { readHere, runHere } from '../../support/commands.ts';
import { makeTemporaryFolder, removeFolder } from '../../support/digits.ts';
import { FigureFolder } from '../../support/figureHistory.ts';
import { expectRefusal } from '../../support/refusal.ts';

const here = makeTemporaryFolder();
const there = makeTemporaryFolder();
const specification = join(here, 'pair.json');
/** The beginnings of the ids of both sets named `digits`. */
let ids: Record<'here' | 'there', string>;
let absence: string;

/** A folder with a set named `digits` and a paused run of it. */
async function fill(dataDir: string, name: string, shift: number): Promise<string> {
  const folder = new FigureFolder(dataDir);
  const digits = await folder.importDigits('digits', shift);
  const runId = folder.addRun(digits, { name, paradigm: 'C', lastEpoch: 1 });
  folder.history.runs.setStatus(runId, 'paused');
  folder.close();
  return digits.id.slice(0, 12);
}

beforeAll(async () => {
  ids = { here: await fill(here, 'moved', 0), there: await fill(there, 'stayed', 1) };
  absence = `data set digits (${ids.here}) are not here; the set of that name here is another one (${ids.there})`;
  const bundle = join(here, 'moved.afterimage');
  await readHere(here, 'runs', 'export', 'moved', '--out', bundle);
  await readHere(there, 'runs', 'import', bundle);
  const figure = { template: 'cam-pair', run: 'moved', example: 3, style: { dpi: 100 } };
  writeFileSync(specification, JSON.stringify(figure));
});
afterAll(() => {
  for (const folder of [here, there]) removeFolder(folder);
});

const ask = (dataDir: string, ...words: string[]): Promise<unknown> => readHere(dataDir, ...words);
const draw = (dataDir: string) =>
  runHere(dataDir, 'figure', specification, '--out', join(dataDir, 'pair.svg'));

/** One line that names the set and says how to bring it back. */
async function expectAbsence(...words: string[]): Promise<void> {
  const result = await runHere(there, ...words);
  const remedy = 'Import them again under another name, with "datasets import"';
  expectRefusal(result, 1, [absence, remedy]);
}

describe('a run in a folder whose set of the same name is another', () => {
  it('has its numbers and maps', async () => {
    for (const words of [
      ['examples', '--run', 'moved'],
      ['cam', '--run', 'moved', '--example', '3', '--epoch', 'all'],
    ]) {
      expect(await ask(there, ...words)).toEqual(await ask(here, ...words));
    }
  });

  it('says which data set it is of', async () => {
    const { datasetId } = runDocumentSchema.parse(await ask(there, 'runs', 'show', 'moved'));
    expect(datasetId?.slice(0, 12)).toBe(ids.here);
    const { stdout } = await runHere(there, 'runs', 'show', 'moved');
    expect(stdout).toContain(`data set digits, SHA-256 ${datasetId ?? ''}\n`);
  });

  it('says what is missing where images are needed', async () => {
    await expectAbsence('examples', '--run', 'moved', '--map-metrics');
    await expectAbsence('examples', '--run', 'moved', '--sort', 'ssim');
    await expectAbsence('figure', specification, '--out', join(there, 'f.svg'));
  });

  it('is not resumed, and stays paused', async () => {
    await expectAbsence('resume', 'moved');
    expect(await ask(there, 'runs', 'show', 'moved')).toMatchObject({
      status: 'paused',
      error: null,
    });
  });

  it('is not drawn beside a run of that other set', async () => {
    const figure = { template: 'paradigm-grid', runs: ['moved', 'stayed'], examples: [3] };
    const path = join(there, 'grid.json');
    writeFileSync(path, JSON.stringify(figure));
    const result = await runHere(there, 'figure', path, '--out', join(there, 'grid.svg'));
    const both = `moved on digits (${ids.here}) and stayed on digits (${ids.there})`;
    expectRefusal(result, 2, [both]);
  });

  it('is sound to verify', async () => {
    expect(await ask(there, 'verify')).toEqual({ problems: [] });
  });

  it('has its images again when they are imported', async () => {
    const files = join(here, 'digits-files');
    await ask(there, 'datasets', 'import', '--format', 'idx', files, '--name', 'old digits');
    const words = ['examples', '--run', 'moved', '--map-metrics'];
    expect(await ask(there, ...words)).toEqual(await ask(here, ...words));
    for (const folder of [here, there]) expect((await draw(folder)).code).toBe(0);
    const verified = await ask(there, 'figure', 'verify', join(here, 'pair.svg'));
    expect(verified).toMatchObject({ same: true });
  });
});
