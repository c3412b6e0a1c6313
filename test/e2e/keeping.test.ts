import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { totalOf } from '../../src/core/runSizes.ts';
import { makeFolder } from '../support/digits.ts';
import { FigureFolder } from '../support/figureHistory.ts';
import { protect } from '../support/protect.ts';
import { readRuns, withHistory } from '../support/storedRun.ts';
import { host, openWorkbenchPage } from '../support/workbenchPage.ts';
import type { WorkbenchPage } from '../support/workbenchPage.ts';
import { queueRun, takeExport } from './doing.ts';
import { picturesOfFailures, sidewaysScroll } from './looking.ts';
import { readStatuses } from './stored.ts';

let shown: Page;
picturesOfFailures(() => shown);

const settings = (page: Page): Promise<unknown> => page.goto(new URL('/settings', page.url()).href);

describe('a run that has completed', () => {
  let workbench: WorkbenchPage;
  let page: Page;
  beforeAll(async () => {
    workbench = await openWorkbenchPage();
    ({ page } = workbench);
    shown = page;
  });
  afterAll(() => workbench.close());
  const { sizes, weights } = {
    sizes: () => withHistory(workbench.dataDir, ({ space }) => Object.values(space.list())[0]),
    weights: () =>
      withHistory(workbench.dataDir, (history) =>
        history.weights.list(readRuns(workbench.dataDir)[0]?.id ?? ''),
      ),
  };

  it('is trained further, after it was said what will come of it', async () => {
    await settings(page);
    await page.getByRole('checkbox', { name: /keep their checkpoint/ }).check();
    const given = { preset: 'mnist-c', trainExamples: 300, testExamples: 60, epochs: 1 };
    await queueRun(page, 'short', given);
    await expect
      .poll(() => readStatuses(workbench.dataDir), { timeout: 90_000 })
      .toEqual({ 'short seed 1': 'completed' });
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Train further' }).click();
    const dialog = page.getByRole('dialog', { name: 'Train further' });
    await dialog.getByText('The same to the bit as a run of 2 epochs.').waitFor();
    await dialog.getByRole('textbox').fill('1');
    await dialog.getByText('Give a number above 1.').waitFor();
    await expect
      .poll(() => dialog.getByRole('button', { name: 'Train further' }).isDisabled())
      .toBe(true);
    await dialog.getByRole('textbox').fill('3');
    await dialog.getByText('The same to the bit as a run of 3 epochs.').waitFor();
    await dialog.getByRole('button', { name: 'Train further' }).click();
    await expect
      .poll(() => readRuns(workbench.dataDir)[0]?.epochs.length, { timeout: 90_000 })
      .toBe(4);
    await expect
      .poll(() => readStatuses(workbench.dataDir), { timeout: 30_000 })
      .toEqual({ 'short seed 1': 'completed' });
  });

  it('takes what Settings says, by kind, and less when weights are given up', async () => {
    await settings(page);
    const before = sizes();
    if (before === undefined) throw new Error('there is no run');
    const space = page.getByRole('region', { name: 'Space', exact: true });
    const mb = (bytes: number): RegExp => new RegExp(`${(bytes / 1e6).toFixed(1)} MB`);
    await expect
      .poll(() => space.getByRole('row', { name: /Weights/ }).innerText())
      .toMatch(mb(before.weights));
    await expect
      .poll(() => space.getByRole('row', { name: /Checkpoint/ }).innerText())
      .toMatch(mb(before.checkpoint));
    await page
      .getByRole('region', { name: 'Size per run' })
      .getByRole('row', { name: mb(totalOf(before)) })
      .waitFor();
    await space.getByRole('button', { name: 'Thin weights' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Give them up' }).click();
    const { bestEpoch } = readRuns(workbench.dataDir)[0] ?? {};
    await expect.poll(weights).toEqual([...new Set([bestEpoch, 3])]);
    const after = (before.weights / 4) * weights().length;
    await expect
      .poll(() => space.getByRole('row', { name: /Weights/ }).innerText())
      .toMatch(mb(after));
    await space.getByRole('button', { name: 'Give up checkpoints' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Give them up' }).click();
    await expect.poll(() => sizes()?.checkpoint).toBe(0);
    expect(workbench.complaints).toEqual([]);
  });
});

it.runIf(host === 'serve')(
  'a folder that cannot be written is looked at, and what would write says why it cannot',
  async (context) => {
    const dataDir = makeFolder();
    const folder = new FigureFolder(dataDir);
    const digits = await folder.importDigits('digits');
    const runId = folder.addRun(digits, { name: 'R', paradigm: 'R', lastEpoch: 1 });
    folder.close();
    await protect(dataDir, context);
    const workbench = await openWorkbenchPage({ dataDir, width: 1000, height: 700 });
    const { page, complaints } = workbench;
    shown = page;
    try {
      const at = (path: string) => page.goto(new URL(path, page.url()).href);
      await page.getByText('Only for looking at.').waitFor();
      await page.getByRole('grid', { name: 'Runs' }).getByRole('row', { name: /\bR\b/ }).waitFor();
      await at(`/runs/${runId}`);
      const name = page.getByRole('textbox', { name: 'Name of the run' });
      await expect.poll(() => name.isDisabled()).toBe(true);
      await expect.poll(() => name.getAttribute('title')).toContain(dataDir);
      await page.getByRole('button', { name: 'More actions' }).click();
      const toBin = page.getByRole('menuitem', { name: 'Move to the bin' });
      await expect.poll(() => toBin.isDisabled()).toBe(true);
      await expect.poll(() => toBin.getAttribute('title')).toContain('cannot be written');
      await page.getByRole('menuitem', { name: 'Export…' }).click();
      expect((await takeExport(page)).suggestedFilename()).toBe(`${runId}.afterimage`);
      await at(`/runs/${runId}/examples/3`);
      await page.getByRole('img', { name: /Map of .* of R$/ }).waitFor();
      await at('/new');
      await expect
        .poll(() => page.getByRole('button', { name: 'Queue run' }).isDisabled())
        .toBe(true);
      await at('/settings');
      for (const button of ['Thin weights', 'Install', 'Set']) {
        const control = page.getByRole('button', { name: button, exact: true });
        if ((await control.count()) > 0)
          await expect.poll(() => control.isDisabled(), { message: button }).toBe(true);
      }
      await expect
        .poll(() => page.getByRole('button', { name: 'Check the history' }).isDisabled())
        .toBe(false);
      await expect.poll(() => sidewaysScroll(page)).toBe(0);
      expect(complaints).toEqual([]);
    } finally {
      await workbench.close();
    }
  },
);
