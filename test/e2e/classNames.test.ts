import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FigureFolder } from '../support/figureHistory.ts';
import { openWorkbenchPage, type WorkbenchPage } from '../support/workbenchPage.ts';
import { picturesOfFailures } from './looking.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'afterimage-classes-'));
let workbench: WorkbenchPage;
let page: Page;
let runId = '';
/** As EMNIST has them: the first class is called 1. */
const names = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'];

beforeAll(async () => {
  const folder = new FigureFolder(dataDir);
  const record = await folder.importDigits('letters');
  folder.history.datasets.change({ ...record, classNames: names });
  runId = folder.addRun(record, { name: 'letters R', paradigm: 'R' });
  folder.close();
  workbench = await openWorkbenchPage({ dataDir, width: 1280, height: 800 });
  ({ page } = workbench);
});
afterAll(async () => {
  await workbench.close();
  rmSync(dataDir, { recursive: true, force: true });
});
picturesOfFailures(() => page);

const go = (path: string) => page.goto(new URL(path, page.url()).href);
const nameOf = (name: string) =>
  page.getByRole('textbox', { name: `Name of class ${name}`, exact: true });
const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
const tell = () => page.getByRole('alert');

describe('the names of classes', () => {
  it('are changed where they stand, by keyboard', async () => {
    await go('/data?set=letters');
    await nameOf('2').fill('猫');
    await page.keyboard.press('Enter');
    await nameOf('猫').waitFor();
    // On to the next one.
    await expect.poll(() => focused()).toBe('Name of class 3');
    await page.keyboard.type('dog');
    await page.keyboard.press('Escape');
    await expect.poll(() => nameOf('3').inputValue()).toBe('3');
  });

  it('that cannot be stay in the field, with the reason', async () => {
    await nameOf('4').fill('5');
    await page.keyboard.press('Enter');
    await expect.poll(() => tell().innerText()).toBe('Two classes would be called "5".');
    await expect.poll(() => nameOf('4').getAttribute('aria-invalid')).toBe('true');
    await expect.poll(() => focused()).toBe('Name of class 4');
    for (const wanted of [' ', 'x'.repeat(201)]) {
      await nameOf('4').fill(wanted);
      await page.keyboard.press('Enter');
      await expect
        .poll(() => tell().innerText())
        .toMatch(/^A class's name has 1 to 200 characters/);
    }
    await page.keyboard.press('Escape');
    await expect.poll(() => tell().count()).toBe(0);
    await expect.poll(() => nameOf('4').inputValue()).toBe('4');
  });

  it('choose images, in the address too: 10 is the class called 10', async () => {
    await go(`/runs/${runId}?tab=examples&label=10`);
    const labels = page.getByRole('combobox', { name: 'Label' });
    await expect.poll(() => labels.locator('option:checked').innerText()).toBe('10');
    await labels.selectOption('猫');
    await expect.poll(() => new URL(page.url()).searchParams.get('label')).toBe('猫');
  });

  it('are drawn in figures, in fonts that come along', async () => {
    const spec = JSON.stringify({ template: 'confusion-matrix', run: runId });
    await go(`/figures?spec=${encodeURIComponent(spec)}`);
    const text = page.getByRole('group', { name: 'Figure' }).locator('svg text', { hasText: '猫' });
    await text.first().waitFor();
    const fonts = () =>
      page.evaluate(() =>
        [...document.fonts]
          .filter(({ family }) => family.includes('Noto Sans SC'))
          .map(({ status }) => status),
      );
    await expect.poll(fonts).toEqual(['loaded']);
    expect(workbench.complaints).toEqual([]);
  });
});
