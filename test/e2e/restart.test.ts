import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withHistory } from '../support/storedRun.ts';
import { newRun } from '../main/store/fixtures.ts';
import { host, openWorkbenchPage } from '../support/workbenchPage.ts';
import type { WorkbenchPage } from '../support/workbenchPage.ts';
import { startWorkbenchServer, type WorkbenchServer } from '../support/workbenchServer.ts';
import { queueRun } from './doing.ts';
import { picturesOfFailures, runRow } from './looking.ts';

let workbench: WorkbenchPage;
let page: Page;
let second: WorkbenchServer | undefined;

beforeAll(async () => {
  workbench = await openWorkbenchPage();
  ({ page } = workbench);
});
afterAll(async () => {
  await second?.stop();
  await workbench.close();
});
picturesOfFailures(() => page);

const toasts = () => page.getByRole('button', { name: 'Close', exact: true });

describe('a run whose loss is no number any more', () => {
  it('offers first to run again, with a lower learning rate, and no way to end the same way', async () => {
    const runId = withHistory(workbench.dataDir, ({ runs }) => {
      const { id } = runs.insert(newRun({ name: 'diverged' }));
      const error = { code: 'NOT_FINITE', message: 'The loss became NaN.', remedy: '', log: [] };
      runs.setStatus(id, 'failed', error);
      return id;
    });
    await page.goto(new URL(`/runs/${runId}`, page.url()).href);
    await page.getByText('The loss became NaN.', { exact: true }).waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Resume' }).count()).toBe(0);
    await page.getByText(/a learning rate of 0.0001 in place of 0.001/).waitFor();
    await page.getByRole('link', { name: 'Run again with changes' }).click();
    await page.waitForURL(/from=.*learningRate=0.0001/);
    await expect
      .poll(() => page.getByRole('textbox', { name: 'Learning rate' }).inputValue())
      .toBe('0.0001');
  });

  it('can be resumed where it failed for another reason', async () => {
    const runId = withHistory(workbench.dataDir, ({ runs }) => {
      const { id } = runs.insert(newRun({ name: 'cut short' }));
      runs.setStatus(id, 'failed', {
        code: 'TRAINER_DIED',
        message: 'It died.',
        remedy: '',
        log: [],
      });
      return id;
    });
    await page.goto(new URL(`/runs/${runId}`, page.url()).href);
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    await expect
      .poll(() => page.getByRole('link', { name: 'Run again with changes' }).count())
      .toBe(0);
  });
});

describe.runIf(host === 'serve')('a workbench that is started again', () => {
  it('has the page say so at once, which shows what it knew, and walks on', async () => {
    await queueRun(page, 'cut off', { trainExamples: 800, testExamples: 60, epochs: 30 });
    await page
      .getByText(/images\/s/)
      .first()
      .waitFor();
    // The code of the other views is there by then.
    await page.waitForTimeout(4000);
    await workbench.server?.kill();
    const port = Number(new URL(page.url()).port);
    second = await startWorkbenchServer(workbench.dataDir, { port });
    await page.getByText('Afterimage was started again').waitFor({ timeout: 10_000 });
    await page.getByText('Not connected').waitFor();
    await expect.poll(() => page.getByText(/images\/s/).count()).toBe(0);

    for (let presses = 0; presses < 3; presses += 1) {
      await page.getByRole('button', { name: 'Pause', exact: true }).click();
    }
    await page.getByRole('alert').filter({ hasText: 'does not know this page’s key' }).waitFor();
    await expect.poll(() => toasts().count()).toBeLessThan(2);

    for (const view of ['Data', 'Figures', 'Compare', 'Settings']) {
      const link = page
        .getByRole('navigation', { name: 'Workbench' })
        .getByRole('link', { name: view });
      await link.click();
      await expect.poll(() => link.getAttribute('aria-current')).toBe('page');
    }
  });

  it('lets the page in again with the address that it printed, at the place where it was', async () => {
    await page.goBack();
    const before = page.url();
    const address = page.getByRole('textbox', { name: 'New address' });
    await address.fill('http://127.0.0.1:1/?token=nonsense');
    await expect.poll(() => page.getByRole('button', { name: 'Go on' }).isDisabled()).toBe(true);
    await address.fill(second?.url ?? '');
    await page.getByRole('button', { name: 'Go on' }).click();
    await address.waitFor({ state: 'detached' });
    await expect.poll(() => page.url()).toBe(before);
    await page.goto(new URL('/', page.url()).href);
    await runRow(page, 'cut off').getByText('Interrupted').waitFor();
    await expect.poll(() => page.getByText('Afterimage was started again').count()).toBe(0);
  });
});
