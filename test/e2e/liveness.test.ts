import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRuns } from '../support/storedRun.ts';
import { collectComplaints, host, openWorkbenchPage } from '../support/workbenchPage.ts';
import type { WorkbenchPage } from '../support/workbenchPage.ts';
import { queueRun } from './doing.ts';
import { pictureOf, picturesOfFailures, runRow } from './looking.ts';

const trainingMs = 120_000;
/** Long enough to be seen at work, R and C alike. */
const config = { trainExamples: 800, testExamples: 60, epochs: 2, dataset: 'mnist' };

let dataDir: string;
let workbench: WorkbenchPage;
let page: Page;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'afterimage-live-'));
  workbench = await openWorkbenchPage({ dataDir });
  ({ page } = workbench);
});
afterAll(async () => {
  await workbench.close();
  rmSync(dataDir, { recursive: true, force: true });
});
picturesOfFailures(() => page);

const stored = (name: string) => readRuns(dataDir).find((run) => run.name === `${name} seed 1`);
const isRunning = (where: Page) =>
  where.getByRole('progressbar', { name: 'Progress of the run' }).waitFor();

/** The page of a run says that it is completed, with every epoch and the untrained model once. */
async function expectWhole(name: string): Promise<void> {
  await page.getByText('Completed', { exact: true }).waitFor({ timeout: trainingMs });
  await page.getByText(`${config.epochs} epochs`, { exact: true }).first().waitFor();
  expect(stored(name)?.epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
}

describe.runIf(host === 'serve')('two tabs', () => {
  it('stay in step, and closing the one that started a run does not stop it', async () => {
    const other = await page.context().newPage();
    const complaints = collectComplaints(other);
    await other.goto(new URL('/', page.url()).href);
    await other.getByRole('button', { name: 'Run the paper’s experiment' }).waitFor();

    const starter = await page.context().newPage();
    await starter.goto(new URL('/', page.url()).href);
    await queueRun(starter, 'in step', config);
    await runRow(other, 'in step').waitFor();
    await isRunning(starter);
    await starter.getByRole('button', { name: 'Pause' }).click();
    await runRow(other, 'in step')
      .getByText('Paused', { exact: true })
      .waitFor({ timeout: trainingMs });
    await starter.getByRole('textbox', { name: 'Name of the run' }).fill('both see this');
    await starter.keyboard.press('Enter');
    await runRow(other, 'both see this').waitFor();
    await starter.getByRole('button', { name: 'Resume' }).click();
    await isRunning(starter);
    await starter.close();

    await runRow(other, 'both see this')
      .getByText('Completed', { exact: true })
      .waitFor({ timeout: trainingMs });
    expect(complaints).toEqual([]);
    await other.close();
  });
});

describe('a run in training', () => {
  it.runIf(host === 'serve')('loses and doubles nothing when the socket drops', async () => {
    await page.addInitScript(() => {
      const sockets: WebSocket[] = [];
      Object.assign(globalThis, { sockets });
      globalThis.WebSocket = class extends WebSocket {
        constructor(url: string | URL) {
          super(url);
          sockets.push(this);
        }
      };
    });
    await queueRun(page, 'dropped', config);
    await isRunning(page);
    const drop = (): Promise<number> =>
      page.evaluate(() => {
        const { sockets } = globalThis as unknown as { sockets: WebSocket[] };
        for (const socket of sockets) socket.close();
        return sockets.length;
      });
    let drops = 0;
    await expect
      .poll(
        async () => {
          drops = await drop();
          return stored('dropped')?.status;
        },
        { timeout: trainingMs, interval: 700 },
      )
      .toBe('completed');
    expect(drops).toBeGreaterThan(2);
    await expectWhole('dropped');
    // A page that has missed nothing shows the same.
    const curves = page.getByRole('img', { name: /over Epoch/ });
    const draw = async (): Promise<string[]> => {
      await curves.last().locator('canvas').waitFor();
      return Promise.all((await curves.locator('canvas').all()).map(pictureOf));
    };
    const seen = await draw();
    expect(seen).toHaveLength(4);
    await page.reload();
    await expect.poll(draw).toEqual(seen);
  });

  it('is shown in place after a reload', async () => {
    await queueRun(page, 'reloaded', { ...config, objective: 'contrastive' });
    await isRunning(page);
    await page.reload();
    await isRunning(page);
    await expectWhole('reloaded');
  });
});

describe.runIf(host === 'serve')('a note', () => {
  it('may hold a script, which does nothing', async () => {
    await page.getByRole('button', { name: /Add a note|Edit/ }).click();
    await page
      .getByRole('textbox', { name: 'Notes in Markdown' })
      .fill(
        [
          '**bold** <img src="x" onerror="window.intruder = 1"><script>window.intruder = 2</script>',
          '[link](javascript:window.intruder=3) <iframe srcdoc="<script>parent.intruder=4</script>">',
          '<style>body { display: none }</style> <form action="https://example.org"><button>go</button></form>',
        ].join('\n\n'),
      );
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('strong', { hasText: 'bold' }).waitFor();
    expect(await page.evaluate(() => 'intruder' in window)).toBe(false);
    const note = page.getByRole('complementary', { name: 'About the run' });
    await expect.poll(() => note.locator('script, iframe, form, style, [onerror]').count()).toBe(0);
    await expect.poll(() => note.locator('a[href^="javascript:"]').count()).toBe(0);
    await expect.poll(() => page.getByRole('main').isVisible()).toBe(true);
  });
});

/** Processes that a process has started; Linux tells. */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

describe.runIf(host === 'serve' && existsSync('/proc/self/task'))('after a crash', () => {
  it('of its trainer, a run tells so and can be resumed', async () => {
    await queueRun(page, 'crashed', config);
    await isRunning(page);
    await page.getByText(/images\/s/).waitFor();
    const server = workbench.server?.pid ?? 0;
    expect(childrenOf(server)).toHaveLength(1);
    for (const pid of childrenOf(server)) process.kill(pid, 'SIGKILL');
    await page.getByText('The trainer ended without a word').first().waitFor();
    await page.getByText('Failed', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await expectWhole('crashed');
  });

  it('of the workbench, the page says so; started again, it shows the run interrupted', async () => {
    await queueRun(page, 'interrupted', config);
    await isRunning(page);
    await page.getByText(/images\/s/).waitFor();
    const { pathname } = new URL(page.url());
    await workbench.server?.kill();
    await page.getByText('The connection to the workbench is lost.').waitFor();
    await workbench.close();

    workbench = await openWorkbenchPage({ dataDir });
    ({ page } = workbench);
    await runRow(page, 'interrupted').getByText('Interrupted', { exact: true }).waitFor();
    await page.goto(new URL(pathname, page.url()).href);
    await page.getByRole('button', { name: 'Resume' }).click();
    await expectWhole('interrupted');
    expect(workbench.complaints).toEqual([]);
  });
});
