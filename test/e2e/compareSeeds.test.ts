import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureRenderer } from '../../scripts/builds.ts';
import { launchBrowser } from '../support/browser.ts';
import { openShot, sixteen, type OpenShot } from '../support/shots.ts';
import { host } from '../support/workbenchPage.ts';
import { picturesOfFailures, sidewaysScroll } from './looking.ts';

const rendererDir = join(import.meta.dirname, '../../out/renderer');
let browser: Browser;
let page: Page;

beforeAll(async () => {
  await ensureRenderer();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
});
picturesOfFailures(() => page);

/** Does something with a page of the comparison, with made-up runs: sixteen of four configurations. */
async function withCompare(
  query: string,
  work: (opened: OpenShot) => Promise<void>,
  runs = sixteen,
): Promise<void> {
  const shot = { name: 'compare', path: `/compare?runs=${runs}${query}`, runs: 120 };
  const look = { width: 1280, height: 800, theme: 'light', rendererDir } as const;
  const opened = await openShot(browser, shot, look);
  page = opened.page;
  await work(opened);
  await expect.poll(() => sidewaysScroll(page)).toBe(0);
  expect(opened.complaints()).toEqual([]);
  await opened.close();
}

/** Polls for what a busy machine takes its time for. */
const chips = (): Locator => page.getByRole('list', { name: 'Runs compared' }).locator('.chip');
const plot = (title: string): Locator =>
  page.locator('figure').filter({ has: page.getByRole('heading', { name: title, exact: true }) });
const says = async (title: string): Promise<string> =>
  (await plot(title).getByRole('img').getAttribute('aria-label')) ?? '';

// Made-up runs; the pages are the same in Electron.
describe.runIf(host === 'serve')('comparing many seeds', () => {
  it('folds sixteen runs into four means with n, and shows single runs where asked', async () => {
    await withCompare('', async () => {
      await expect.poll(() => chips().count()).toBe(4);
      await expect.poll(() => chips().first().innerText()).toMatch(/^C\s+6 seeds/);
      const accuracy = await says('Test accuracy');
      expect(accuracy).toMatch(/C \(n = 6\) 9\d\.\d\d% ± 0\.\d\d/);
      expect(accuracy.match(/n = /g)).toHaveLength(4);
      await page.getByText('± 95%').click();
      await expect.poll(() => says('Test accuracy')).not.toBe(accuracy);
      await page.getByText('Every run', { exact: true }).click();
      await expect.poll(() => says('Test accuracy')).toMatch(/mnist-c seed 1 .*mnist-r seed 3/);
      // A legend stays above its plot, and a plot above the next one.
      const above = async (upper: Locator, lower: Locator): Promise<void> => {
        const [first, second] = [await upper.boundingBox(), await lower.boundingBox()];
        expect((first?.y ?? NaN) + (first?.height ?? NaN)).toBeLessThanOrEqual(
          (second?.y ?? NaN) + 1,
        );
      };
      const entropy = plot('Validation cross-entropy');
      await above(entropy.locator('.legend'), entropy.locator('.host'));
      await above(entropy.locator('.host'), plot('Energy inside'));
    });
  });

  it('keeps tables of sixteen runs inside the page, and tells differences in points', async () => {
    await withCompare('&part=metrics&seeds=each', async () => {
      const table = page.getByRole('region', { name: 'Metrics' });
      const row = table.getByRole('row', { name: /^Test accuracy/ });
      await expect.poll(() => row.getByRole('cell').count()).toBe(16);
      await expect.poll(() => row.innerText()).toMatch(/[+−]\d\.\d\d pp/);
      const first = row.getByRole('rowheader');
      const before = await first.boundingBox();
      await table.evaluate((element) => element.scrollTo({ left: 1500 }));
      expect((await first.boundingBox())?.x).toBe(before?.x);
    });
  });

  it('says that a repeat of a seed is no second seed', async () => {
    await withCompare(
      '',
      async () => {
        await page.getByRole('status').getByText('No means: runs of seed 1').waitFor();
        await expect.poll(() => says('Test accuracy')).not.toContain('n = ');
      },
      'run-0072,run-0024',
    );
  });

  it('reads legends at the epochs that are compared', async () => {
    await withCompare(
      '',
      async () => {
        const atBest = await says('Validation cross-entropy');
        await page.getByText('Same epoch').click();
        await expect.poll(() => says('Validation cross-entropy')).not.toBe(atBest);
        await page.getByText('Best of each').click();
        await expect.poll(() => says('Validation cross-entropy')).toBe(atBest);
      },
      'run-0072',
    );
  });

  it('adds all runs of a configuration at once', async () => {
    await withCompare(
      '',
      async () => {
        await page.getByRole('button', { name: 'Add a run' }).click();
        await page.getByLabel(/narrow the list/).fill('mnist-r');
        await page.getByRole('button', { name: /^R All R/ }).click();
        await expect.poll(() => chips().count()).toBe(4);
        await expect.poll(() => chips().nth(1).innerText()).toMatch(/seeds/);
      },
      'run-0072',
    );
  });

  it('lists the images of a cell, whoever is right, by the names of the runs', async () => {
    await withCompare(
      '&part=examples',
      async () => {
        const only = page.getByRole('radio', { name: /^Only mnist-c seed 1 right/ });
        await only.waitFor({ state: 'attached' });
        // Both predict 3: no list of disagreements has these.
        const cell = page.locator('[data-cell="3-3"]');
        const count = Number((await cell.innerText()).replace(',', ''));
        await cell.click();
        await page.getByText(`${count.toLocaleString('en')} of `).waitFor();
        expect(page.url()).toContain('agreement=any');
      },
      'run-0072,run-0047',
    );
  });

  it('copies the tests as LaTeX, and has them at once when one comes back', async () => {
    await withCompare(
      '&part=statistics',
      async () => {
        const tests = page.getByRole('table', { name: 'Tests' });
        await tests.waitFor({ timeout: 60_000 });
        await expect
          .poll(() => tests.getByRole('row', { name: /^Accuracy/ }).innerText())
          .toContain(' pp');
        await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
        await page.getByRole('button', { name: 'Copy as' }).click();
        await page.getByRole('menuitem', { name: 'LaTeX' }).click();
        await page.getByText('Table copied as LaTeX').waitFor();
        await expect
          .poll(() => page.evaluate(() => navigator.clipboard.readText()))
          .toContain('tabular');
        await page.getByText('Curves', { exact: true }).click();
        await plot('IoU').waitFor();
        await page.getByText('Statistics', { exact: true }).click();
        await tests.waitFor({ timeout: 5_000 });
        await expect.poll(() => page.getByText('Comparing').count()).toBe(0);
      },
      'run-0072,run-0047',
    );
  });

  it('shows a metric over a swept setting, and leads from each point to its run', async () => {
    await withCompare('&part=sweep', async () => {
      const plotted = page.getByRole('group', { name: 'Test accuracy by contrastive: weight' });
      await plotted.waitFor();
      // Ten runs of R have a weight; C, which has none, is a line that they are measured against.
      await expect.poll(() => plotted.getByRole('link').count()).toBe(10);
      await page
        .getByRole('radio', { name: 'Log', exact: true })
        .and(page.locator(':checked'))
        .waitFor({ state: 'attached' });
      const table = page.getByRole('region', { name: 'Configurations' });
      const heaviest = table.getByRole('row').last();
      await expect
        .poll(() => heaviest.innerText())
        .toMatch(/10\s+contrastive\s+98\.\d+ ± 0\.\d+%\s+3/);
      // A metric that is not stored with the epochs.
      await page
        .getByRole('combobox', { name: /^Metric/ })
        .selectOption({ label: 'Expected calibration error' });
      await expect.poll(() => heaviest.innerText()).toMatch(/10\s+contrastive\s+\d\.\d+ ± 0\.\d+%/);
      await page.getByText('All settings').click();
      await page.getByRole('group', { name: /by settings$/ }).waitFor();
      await page.getByText('One setting').click();
      const dot = page.getByRole('link', { name: /^mnist-r seed 2: / }).first();
      await dot.click();
      await page.getByRole('heading', { name: 'mnist-r seed 2' }).waitFor();
    });
  });

  it('shows how sure runs are beside how often they are right', async () => {
    await withCompare(
      '&part=calibration',
      async () => {
        const diagram = page.getByRole('img', { name: /^Reliability of mnist-c seed 1/ });
        await diagram.waitFor({ timeout: 15_000 });
        const [, error = ''] =
          /ECE (\d\.\d\d%)/.exec((await diagram.getAttribute('aria-label')) ?? '') ?? [];
        await page.getByText('Metrics and settings').click();
        const row = page.getByRole('row', { name: /^Expected calibration error/ });
        await expect.poll(() => row.innerText()).toContain(error);
        // The run's own page has the same number, and a matrix that adds up.
        await page.getByRole('link', { name: 'mnist-c seed 1' }).click();
        await page.getByRole('tab', { name: 'Errors' }).click();
        await page.getByRole('img', { name: new RegExp(`ECE ${error}`) }).waitFor();
        const matrix = page.getByRole('region', { name: 'Confusion matrix' });
        await expect
          .poll(() => matrix.getByRole('row').last().innerText())
          .toMatch(/1,000\s+9\d\.\d%$/);
      },
      'run-0072',
    );
  });

  it('suggests pairs on the empty page', async () => {
    await withCompare(
      '',
      async () => {
        const pairs = page.getByRole('region', { name: 'Likely pairs' });
        await pairs.getByRole('button').first().click();
        await expect.poll(() => chips().count()).toBe(2);
        await expect
          .poll(() => chips().allInnerTexts())
          .toEqual([expect.stringContaining('seeds'), expect.stringContaining('seeds')]);
      },
      '',
    );
  });
});
