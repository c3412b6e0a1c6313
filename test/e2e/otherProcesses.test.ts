import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCli, type Started } from '../support/cli.ts';
import { readRuns } from '../support/storedRun.ts';
import { host, openWorkbenchPage } from '../support/workbenchPage.ts';
import type { WorkbenchPage } from '../support/workbenchPage.ts';
import { picturesOfFailures, runRow } from './looking.ts';

const trainingMs = 120_000;
/** A second after it is stored, with as much for a busy machine. */
const soonMs = 10_000;

let workbench: WorkbenchPage;
let page: Page;
let command: Started | undefined;

beforeAll(async () => {
  workbench = await openWorkbenchPage();
  ({ page } = workbench);
  await page.getByRole('button', { name: 'Run the paper’s experiment' }).waitFor();
});
afterAll(async () => {
  command?.process.kill('SIGKILL');
  await workbench.close();
});
picturesOfFailures(() => page);

const train = (...options: string[]): Started =>
  startCli(workbench.dataDir, [
    ...['train', '--preset', 'mnist-c', '--engine', 'wasm', '--jobs', '1'],
    ...['--train-examples', '300', '--test-examples', '60', '--set', 'patience=null', ...options],
  ]);
const stored = (name: string) => readRuns(workbench.dataDir).find((run) => run.name === name);

/** Waits until something is stored, and then as long for the page to show it as it may take. */
async function appearsSoon(isStored: () => boolean, show: () => Promise<void>): Promise<void> {
  await expect.poll(isStored, { timeout: trainingMs, interval: 50 }).toBe(true);
  const began = performance.now();
  await show();
  expect(performance.now() - began).toBeLessThan(soonMs);
}

describe.runIf(host === 'serve')('what another process trains', () => {
  it('stands in the list with its queue in order as soon as it is stored', async () => {
    command = train('--name', 'from afar', '--seeds', '1,2,3', '--epochs', '40');
    await appearsSoon(
      () => stored('from afar seed 3') !== undefined,
      () => runRow(page, 'from afar seed 3').waitFor(),
    );
    await page.getByRole('link', { name: 'New run' }).click();
    const waiting = page.getByRole('list', { name: 'Waiting, in order' });
    await expect
      .poll(() => waiting.getByRole('link').allInnerTexts())
      .toEqual(['from afar seed 2', 'from afar seed 3']);
    await page.reload();
    await expect
      .poll(() => waiting.getByRole('link').allInnerTexts())
      .toEqual(['from afar seed 2', 'from afar seed 3']);
    // The first in the order that the page gives it is the first that the command trains.
    await page.getByRole('button', { name: /Move from afar seed 3/ }).focus();
    await page.keyboard.press('ArrowUp');
    await expect
      .poll(() => waiting.getByRole('link').allInnerTexts())
      .toEqual(['from afar seed 3', 'from afar seed 2']);
  });

  it('is followed epoch by epoch and step by step', async () => {
    await page.goto(new URL(`/runs/${stored('from afar seed 1')?.id ?? ''}`, page.url()).href);
    await page
      .getByText(/images\/s/)
      .first()
      .waitFor();
    const trained = (): number => stored('from afar seed 1')?.epochs.at(-1)?.epoch ?? 0;
    const count = trained() + 2;
    await appearsSoon(
      () => trained() >= count,
      () => page.getByText(new RegExp(`^(${count}|${count + 1}|${count + 2}) epochs$`)).waitFor(),
    );
  });

  it('is paused where it trains, and its command goes on with what was put next', async () => {
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByText('Paused', { exact: true }).waitFor();
    expect(stored('from afar seed 1')?.status).toBe('paused');
    await expect
      .poll(() => stored('from afar seed 3')?.status, { timeout: 20_000 })
      .toBe('running');
    await page.goto(new URL(`/runs/${stored('from afar seed 3')?.id ?? ''}`, page.url()).href);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByRole('button', { name: 'Stop the run' }).click();
    await page.getByText('Stopped', { exact: true }).waitFor();
    await page.goto(new URL(`/runs/${stored('from afar seed 2')?.id ?? ''}`, page.url()).href);
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    expect((await command?.result)?.stderr).toContain('from afar seed 1 is paused');
    command = undefined;
  });

  it('is interrupted for the page too when its process is killed', async () => {
    command = train('--name', 'short-lived', '--epochs', '40');
    await expect.poll(() => stored('short-lived')?.epochs.length, { timeout: trainingMs }).toBe(2);
    command.process.kill('SIGKILL');
    await page.goto(new URL('/', page.url()).href);
    await runRow(page, 'short-lived').getByText('Interrupted').waitFor({ timeout: 10_000 });
  });

  it('goes from the list when a command deletes it', async () => {
    await runRow(page, 'short-lived').waitFor();
    const deletion = startCli(workbench.dataDir, ['runs', 'delete', 'short-lived']);
    await appearsSoon(
      () => stored('short-lived') === undefined,
      () => runRow(page, 'short-lived').waitFor({ state: 'detached' }),
    );
    expect((await deletion.result).code).toBe(0);
    expect(workbench.complaints).toEqual([]);
  });
});
