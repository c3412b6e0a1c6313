import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../../src/core/records.ts';
import { readNumbers, readRuns, withHistory } from '../support/storedRun.ts';
import { host, openWorkbenchPage } from '../support/workbenchPage.ts';
import type { WorkbenchPage } from '../support/workbenchPage.ts';
import { takeExport } from './doing.ts';
import { picturesOfFailures, runRow } from './looking.ts';
import { readStatuses } from './stored.ts';

const names = ['kept seed 1', 'kept seed 2'] as const;
let workbench: WorkbenchPage;
let page: Page;

/** Two runs of one configuration, trained in the window. */
async function trainTwoSeeds(): Promise<void> {
  const query = 'preset=mnist-r&trainExamples=300&testExamples=60&epochs=1&seeds=1,2&name=kept';
  await page.goto(new URL(`/new?${query}`, page.url()).href);
  await page.getByRole('button', { name: 'Queue 2 runs' }).click();
  await expect
    .poll(() => readStatuses(workbench.dataDir), { timeout: 90_000 })
    .toMatchObject({ [names[0]]: 'completed', [names[1]]: 'completed' });
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
}

beforeAll(async () => {
  workbench = await openWorkbenchPage();
  ({ page } = workbench);
});
afterAll(async () => {
  await workbench.close();
});
picturesOfFailures(() => page);

it('two seeds of one configuration are trained', trainTwoSeeds);

function runNamed(name: string): Run {
  const run = readRuns(workbench.dataDir).find((one) => one.name === name);
  if (run === undefined) throw new Error(`There is no run ${name}.`);
  return run;
}

const header = (title: string): Locator => page.getByRole('columnheader', { name: title });
const headers = (): Promise<string[]> => page.getByRole('columnheader').allInnerTexts();

describe('the table of runs', () => {
  it('sorts by several columns, and the address says so', async () => {
    await header('Accuracy').getByRole('button').click();
    await header('Accuracy').getByRole('button').click();
    await header('Seed')
      .getByRole('button')
      .click({ modifiers: ['Shift'] });
    await page.waitForURL(/sort=-testAccuracy,seed/);
    const best = [...readRuns(workbench.dataDir)].sort(
      (a, b) => (b.epochs[1]?.testAccuracy ?? 0) - (a.epochs[1]?.testAccuracy ?? 0),
    )[0];
    const first = page.getByRole('grid', { name: 'Runs' }).getByRole('row').nth(1);
    await first.filter({ hasText: best?.name ?? 'none' }).waitFor();
  });

  it('takes its columns in another order by dragging, and keeps it over a reload', async () => {
    const before = await headers();
    await header('Tags').dragTo(header('Name'));
    const moved = (): Promise<boolean> =>
      headers().then((now) => now.indexOf('Tags') < now.indexOf('Name'));
    await expect.poll(moved).toBe(true);
    await page.reload();
    await runRow(page, names[0]).waitFor();
    await expect.poll(() => moved()).toBe(true);
    expect((await headers()).toSorted()).toEqual(before.toSorted());
  });

  it('folds seeds into mean ± standard deviation', async () => {
    await page.getByRole('button', { name: 'Group seeds' }).click();
    const group = page.getByRole('treegrid', { name: 'Runs' }).getByRole('row').nth(1);
    await group.getByText('2 runs').waitFor();
    const [a = 0, b = 0] = readRuns(workbench.dataDir).map(
      ({ epochs, bestEpoch }) => epochs[bestEpoch ?? 0]?.falsePredictions,
    );
    // Of a sample: for two values the root of half their squared difference.
    const [mean, deviation] = [(a + b) / 2, Math.abs(a - b) / Math.SQRT2];
    const text = (await group.innerText()).replaceAll(/\s+/g, ' ');
    const wholeOrTenth = (value: number): string => value.toFixed(value % 1 === 0 ? 0 : 1);
    expect(text).toContain(`${wholeOrTenth(mean)} ± ${wholeOrTenth(deviation)}`);
    await page.getByRole('button', { name: 'Group seeds' }).click();
  });

  it('tags several runs, filters by the tag, and keeps the filter by name', async () => {
    for (const name of names) await page.getByLabel(`Select ${name}`).click();
    await page.getByRole('button', { name: 'Tag', exact: true }).last().click();
    const dialog = page.getByRole('dialog', { name: 'Tag 2 runs' });
    await dialog.getByRole('combobox').fill('paper');
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await expect
      .poll(() => readRuns(workbench.dataDir).map(({ tags }) => tags))
      .toEqual([['paper'], ['paper']]);

    await page.getByRole('button', { name: 'Tag', exact: true }).first().click();
    await page.getByRole('checkbox', { name: /^paper/ }).check();
    await page.waitForURL(/tag=paper/);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Saved' }).click();
    await page.getByRole('textbox', { name: 'Name of the present view' }).fill('for the paper');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'for the paper', exact: true }).first().waitFor();
    await page.goto(new URL('/', page.url()).href);
    await page.getByRole('button', { name: 'Saved' }).click();
    await page.getByRole('button', { name: 'for the paper', exact: true }).click();
    await page.waitForURL(/tag=paper/);
  });
});

describe('an audit', () => {
  const ids = (): string[] => names.map((name) => runNamed(name).id);
  const valuesOf = (runId: string): Float32Array =>
    withHistory(workbench.dataDir, ({ audits }) =>
      audits.getEpoch(runId, runNamed(names[0]).bestEpoch ?? 0),
    ).find(({ method }) => method === 'gradient')?.columns['gini'] ?? new Float32Array(0);
  const mean = (values: Float32Array): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;

  it('of two runs is made in the window, and every number leads to its images', async () => {
    await page.goto(new URL(`/audit?runs=${ids().join()}`, page.url()).href);
    await page.getByText('Not audited yet').waitFor();
    await page.getByRole('button', { name: 'New audit' }).click();
    for (const name of ['Grad-CAM', 'LayerCAM', 'Gradient × input']) {
      await page.getByRole('checkbox', { name, exact: true }).uncheck();
    }
    await page.getByRole('spinbutton', { name: 'Test images' }).fill('6');
    await page.getByRole('button', { name: `Audit ${names[0]}, epoch`, exact: false }).click();
    await page.getByRole('table', { name: 'Measures' }).waitFor({ timeout: 90_000 });

    await page.getByText('Complexity', { exact: true }).click();
    const row = page.getByRole('row', { name: /^Gradient/ });
    const cell = row.getByRole('button', { name: /sparseness/i });
    const shown = await cell.innerText();
    for (const id of ids()) expect(shown).toContain(mean(valuesOf(id)).toFixed(3));

    await cell.click();
    const images = page.getByRole('complementary', { name: 'Images behind the number' });
    const links = images.getByRole('link');
    await expect.poll(() => links.count()).toBe(6);
    const [a, b] = ids().map(valuesOf) as [Float32Array, Float32Array];
    const largest = Math.max(...a.map((value, i) => (b[i] ?? 0) - value));
    await expect
      .poll(() => links.first().innerText())
      .toContain(largest.toFixed(3).replace('-', ''));
    await links.first().click();
    const { id, bestEpoch } = runNamed(names[1]);
    await page.waitForURL(
      ({ searchParams }) =>
        searchParams.get('by') === 'gradient' &&
        searchParams.get('own') === `${id}:${bestEpoch ?? 0}`,
    );
  });

  it('that is stopped leaves nothing of itself', async () => {
    const [first = ''] = ids();
    const listAudits = (): unknown[] =>
      withHistory(workbench.dataDir, ({ audits }) => audits.list(first));
    const before = listAudits();
    await page.goto(new URL(`/runs/${first}`, page.url()).href);
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Audit' }).click();
    await page.getByText('New audit', { exact: true }).first().click();
    await page.getByRole('checkbox', { name: 'RISE', exact: true }).check();
    await page.getByRole('button', { name: `Audit ${names[0]}, epoch`, exact: false }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: `Audit ${names[0]}, epoch`, exact: false }).waitFor();
    expect(listAudits()).toEqual(before);
  });
});

describe.runIf(host === 'serve')('a run as a file', () => {
  it('goes out as a bundle, and comes back whole when it is dropped on the table', async () => {
    const { id: runId } = runNamed(names[0]);
    const before = readNumbers(workbench.dataDir, runId);
    await page.goto(new URL('/', page.url()).href);
    await page.getByRole('button', { name: `Actions for ${names[0]}` }).click();
    await page.getByRole('menuitem', { name: 'Export…' }).click();
    const download = await takeExport(page);
    const file = readFileSync(await download.path());
    expect(basename(download.suggestedFilename())).toBe(`${runId}.afterimage`);

    await page.getByRole('button', { name: `Actions for ${names[0]}` }).click();
    await page.getByRole('menuitem', { name: 'Move to the bin' }).click();
    await page.getByRole('link', { name: /^Bin, 1/ }).click();
    await page.getByRole('button', { name: `Actions for ${names[0]}` }).click();
    await page.getByRole('menuitem', { name: 'Delete for good' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click();
    await page.getByText('The bin is empty').waitFor();
    expect(readRuns(workbench.dataDir).map(({ id }) => id)).not.toContain(runId);

    await page.getByRole('link', { name: 'Runs' }).first().click();
    await runRow(page, names[1]).waitFor();
    await dropFiles({ 'kept.afterimage': file });
    await runRow(page, names[0]).waitFor();
    await page.getByText('Imported 1 run').waitFor();
    expect(readNumbers(workbench.dataDir, runId)).toEqual(before);
  });

  it('that is none is refused by its name, and those beside it come in', async () => {
    await runRow(page, names[0]).dblclick();
    await page.getByRole('tab', { name: 'Overview' }).waitFor();
    const whole = await exportHere();
    await dropFiles({ 'wrong.afterimage': Buffer.from('not a bundle'), 'kept.afterimage': whole });
    await page
      .getByRole('alert')
      .filter({ hasText: /^wrong\.afterimage is not a whole Afterimage bundle/ })
      .waitFor();
    await page.getByText('1 run already here').waitFor();
  });
});

/** Exports the run whose page is open. */
async function exportHere(): Promise<Buffer> {
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Export…' }).click();
  const download = await takeExport(page);
  return readFileSync(await download.path());
}

/** Drops files on the middle of the page, as from the desktop. */
async function dropFiles(files: Record<string, Buffer>): Promise<void> {
  const texts = Object.entries(files).map(([name, content]) => [name, content.toString('base64')]);
  const transfer = await page.evaluateHandle((contents) => {
    const data = new DataTransfer();
    for (const [name = '', text = ''] of contents) {
      const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
      data.items.add(new File([bytes], name));
    }
    return data;
  }, texts);
  for (const type of ['dragenter', 'dragover', 'drop']) {
    await page.getByRole('main').dispatchEvent(type, { dataTransfer: transfer });
  }
}
