/** Data sets from files: found, looked at before they are stored, and marked and explained afterwards. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shellFilesKey } from '../../src/shared/shellFiles.ts';
import { makeIdxFiles } from '../main/datasets/builders.ts';
import { startCli } from '../support/cli.ts';
import { readRuns } from '../support/storedRun.ts';
import { host, openWorkbenchPage } from '../support/workbenchPage.ts';
import type { WorkbenchPage } from '../support/workbenchPage.ts';
import { picturesOfFailures, readColors } from './looking.ts';
import { openMadeUpPage } from './madeUp.ts';

const folder = mkdtempSync(join(tmpdir(), 'afterimage-sets-'));
const side = 28;
let workbench: WorkbenchPage;
let page: Page;

beforeAll(async () => {
  if (host !== 'serve') return;
  mkdirSync(join(folder, 'digits'));
  for (const [name, bytes] of Object.entries(makeIdxFiles(60, 12, 2, side))) {
    writeFileSync(join(folder, 'digits', name), bytes);
  }
  workbench = await openWorkbenchPage();
  ({ page } = workbench);
});
afterAll(async () => {
  if (host !== 'serve') return;
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});
picturesOfFailures(() => page);

const pathField = (on: Page) =>
  on.getByRole('textbox', { name: 'Path on the workbench’s machine' });

/** Drops a file on a page, as the browser does for whoever drags it there. */
async function drop(on: Page, name: string): Promise<void> {
  const dataTransfer = await on.evaluateHandle((called) => {
    const data = new DataTransfer();
    data.items.add(new File(['x'], called));
    return data;
  }, name);
  await on.dispatchEvent('body', 'dragenter', { dataTransfer });
  await on.getByText('Drop the file or the folder of a data set').waitFor();
  await on.dispatchEvent('body', 'drop', { dataTransfer });
}

async function run(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await startCli(workbench.dataDir, words).result;
  expect(code, stderr).toBe(0);
  return stdout;
}

describe.runIf(host === 'serve')('a data set in files', () => {
  it('is found by going through folders, and shown in pictures before it is imported', async () => {
    await page.goto(new URL('/data?set=import/', page.url()).href);
    await pathField(page).fill(folder);
    await page.getByRole('button', { name: 'Browse' }).click();
    const dialog = page.getByRole('dialog', { name: 'Choose a data set' });
    await dialog.getByRole('button', { name: 'digits' }).click();
    await dialog.getByText('Looks like IDX').waitFor();
    await dialog.getByRole('button', { name: 'train-images-idx3-ubyte' }).click();
    await expect.poll(() => pathField(page).inputValue()).toBe(join(folder, 'digits'));

    const samples = page.getByRole('img', { name: 'Samples of 1' });
    await samples.waitFor({ timeout: 30_000 });
    const colors = await readColors(samples);
    // Of the 30 images of class 1 every fourth: pixel 0 of image i is 4 i.
    const firsts = [0, 3, 7, 11, 15, 18, 22, 26].map((place) => (4 * (2 * place + 1)) % 256);
    const step = side + 2;
    const grey = (value: number): number => (0xff000000 | (value * 0x010101)) >>> 0;
    expect(firsts.map((_, i) => colors[i * step])).toEqual(firsts.map(grey));
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('heading', { name: 'digits' }).waitFor({ timeout: 30_000 });
  });

  it('says that a browser does not know where a dropped file lies', async () => {
    await drop(page, 'set.npz');
    await page.getByText('A browser does not say where a file lies').waitFor();
    await expect.poll(() => pathField(page).inputValue()).toBe('');
  });

  it('is chosen by the system’s dialog or dropped where the page is the shell’s', async () => {
    const made = await openMadeUpPage('/data');
    await made.page.addInitScript((key) => {
      const files = { pathOf: ({ name }: File) => `/data/${name}` };
      Object.assign(window, { [key]: files });
    }, shellFilesKey);
    await made.page.reload();
    await drop(made.page, 'kmnist');
    const isChosen = (name: string) => made.page.getByRole('radio', { name, checked: true });
    await expect.poll(() => pathField(made.page).inputValue()).toBe('/data/kmnist');
    await isChosen('IDX').waitFor({ state: 'attached' });
    await made.page.getByRole('button', { name: 'File…' }).click();
    await expect.poll(() => pathField(made.page).inputValue()).toBe('/data/sets/blood.npz');
    await isChosen('NumPy').waitFor({ state: 'attached' });
    expect(made.complaints()).toEqual([]);
    await made.close();
  });
});

describe.runIf(host === 'serve')('an image of it', () => {
  it('shows the tag that a command gives it on the page that is open', async () => {
    await run(
      ...['train', '--preset', 'mnist-protopnet', '--engine', 'wasm', '--name', 'parts'],
      ...['--set', 'dataset=digits', '--epochs', '1', '--set', 'prototypesPerClass=2'],
    );
    const [{ id } = { id: '' }] = readRuns(workbench.dataDir);
    const all = 'wrong-unsure,wrong-sure,right-unsure,right-sure';
    await page.goto(new URL(`/runs/${id}?tab=examples&show=${all}`, page.url()).href);
    await page.getByText('12 of 12 images').waitFor();
    await expect.poll(() => page.getByTitle('tagged odd').count()).toBe(0);
    await run('mark', '--run', 'parts', '--example', '3', '--tags', 'odd');
    await page.getByTitle('tagged odd').waitFor({ timeout: 10_000 });
  });

  it('is explained by the prototype that is chosen', async () => {
    const [{ id } = { id: '' }] = readRuns(workbench.dataDir);
    await page.goto(new URL(`/runs/${id}/examples/3?by=prototype`, page.url()).href);
    const choice = page.getByRole('combobox', { name: 'Prototype', exact: true });
    for (const wanted of ['2', '1']) {
      await choice.selectOption(wanted);
      await page
        .getByRole('main')
        .getByText(`Prototype ${wanted} of 2 for`)
        .waitFor({ timeout: 30_000 });
    }
    await page.reload();
    await expect.poll(() => choice.inputValue()).toBe('1');
    expect(workbench.complaints).toEqual([]);
  });
});
