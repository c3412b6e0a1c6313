import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { serveWorkbench } from '../src/main/serve.ts';
import { launchBrowser } from '../test/support/browser.ts';
import { createFakeWorkbench } from '../test/support/fakeWorkbench.ts';

/**
 * Writes every view in both themes and two sizes to out/screenshots, with made-up runs, for people to
 * look at. `--only TEXT` takes the shots whose name holds the text. Fails where a page logs an error.
 */
interface Shot {
  name: string;
  path: string;
  /** Runs in the workbench; 30 unless told. */
  runs?: number;
  /** What to do before the picture is taken. */
  prepare?: (page: Page) => Promise<void>;
}

const run = '/runs/run-0028';
const shots: readonly Shot[] = [
  { name: 'runs-0-first-start', path: '/', runs: 0 },
  { name: 'runs-1', path: '/', runs: 1 },
  { name: 'runs-30', path: '/' },
  { name: 'runs-1000', path: '/?sort=-testAccuracy', runs: 1000 },
  { name: 'runs-grouped', path: '/?group=1&sort=-testAccuracy', prepare: unfoldFirst },
  { name: 'runs-filtered', path: '/?status=completed&paradigm=R&q=seed+2' },
  { name: 'runs-nothing-matches', path: '/?q=no+such+run' },
  { name: 'runs-selected', path: '/', prepare: selectThree },
  { name: 'runs-columns', path: '/', prepare: (page) => page.getByText('Columns').click() },
  { name: 'runs-bin-with-undo', path: '/', prepare: deleteTwo },
  { name: 'palette', path: '/', prepare: openPalette },
  { name: 'jobs', path: '/data', prepare: (page) => page.getByText(/running/).click() },
  { name: 'runs-facet', path: '/?tag=paper', prepare: openFacet },
  { name: 'runs-saved', path: '/', prepare: (page) => page.getByText('Saved').click() },
  { name: 'runs-row-menu', path: '/', prepare: openRowMenu },
  { name: 'runs-tagging', path: '/', prepare: tagThree },
  { name: 'question', path: '/', prepare: askToStop },
  { name: 'new-run', path: '/new' },
  {
    name: 'new-run-sweep',
    path: '/new?preset=mnist-r&camWeight=0.1,+1,+10&pairing=matched,+inBatch&margin=20000&seeds=1..6',
  },
  { name: 'new-run-again', path: '/new?from=run-0029&learningRate=0.01' },
  { name: 'run-live', path: '/runs/run-0030' },
  { name: 'run-overview', path: run },
  { name: 'run-errors', path: `${run}?tab=errors` },
  { name: 'run-examples', path: `${run}?tab=examples` },
  { name: 'run-failed', path: '/runs/run-0025' },
  { name: 'run-long-name', path: '/runs/run-0021' },
  { name: 'example', path: `${run}/examples/13` },
  { name: 'example-two-runs', path: `${run}/examples/13?with=run-0027` },
  { name: 'compare', path: '/compare?runs=run-0028,run-0027' },
  { name: 'compare-empty', path: '/compare' },
  { name: 'data', path: '/data' },
  { name: 'data-fetch', path: '/data?set=fashion-mnist' },
  { name: 'data-import', path: '/data?set=import/', prepare: fillImport },
  { name: 'settings', path: '/settings' },
  { name: 'not-found', path: '/nowhere' },
];

const sizes = [
  { width: 1280, height: 800 },
  { width: 2560, height: 1440 },
];

async function unfoldFirst(page: Page): Promise<void> {
  await page.getByLabel('Unfold').first().click();
}

async function selectThree(page: Page): Promise<void> {
  await page.getByRole('grid').focus();
  for (const key of ['ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown']) {
    await page.keyboard.press(key);
  }
}

async function deleteTwo(page: Page): Promise<void> {
  await page.getByRole('grid').focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'Shift+ArrowDown', 'Delete']) {
    await page.keyboard.press(key);
  }
  await page.getByText('Undo').waitFor();
  await page.getByRole('link', { name: /^Bin/ }).click();
}

async function openFacet(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Status' }).first().click();
}

async function openRowMenu(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Actions for mnist-c seed 1' }).first().click();
}

async function tagThree(page: Page): Promise<void> {
  await selectThree(page);
  await page.getByRole('button', { name: 'Tag', exact: true }).last().click();
}

async function askToStop(page: Page): Promise<void> {
  await openRowMenu(page);
  await page.getByRole('menuitem', { name: 'Stop' }).click();
}

async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('mnist-r');
}

async function fillImport(page: Page): Promise<void> {
  await page.getByLabel('Path on the workbench').fill('/data/kmnist');
  await page.getByText('training and').waitFor();
}

const outDir = join(import.meta.dirname, '../out/screenshots');
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    /** Where the built renderer lies. */
    renderer: { type: 'string', default: join(import.meta.dirname, '../out/renderer') },
  },
});
const settleMs = 500;

async function takeShot(browser: Browser, shot: Shot, theme: 'light' | 'dark'): Promise<string[]> {
  const problems: string[] = [];
  for (const viewport of sizes) {
    const name = `${shot.name}-${viewport.width}-${theme}`;
    const fake = createFakeWorkbench({ runs: shot.runs ?? 30 });
    fake.advance(36);
    const served = await serveWorkbench({
      api: fake.api,
      port: 0,
      rendererDir: values.renderer,
      version: '0.1.0',
    });
    const context = await browser.newContext({ viewport, colorScheme: theme });
    const page = await context.newPage();
    page.on('pageerror', (error) => problems.push(`${name}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(`${name}: ${message.text()}`);
    });
    await page.goto(served.url);
    await page.goto(new URL(shot.path, served.url).href, { waitUntil: 'networkidle' });
    fake.advance(1);
    await page.waitForTimeout(settleMs);
    try {
      await shot.prepare?.(page);
    } catch (error) {
      problems.push(`${name}: ${String(error)}`);
    }
    await page.waitForTimeout(settleMs);
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
    if (sideways) problems.push(`${name}: scrolls sideways`);
    await page.screenshot({ path: join(outDir, `${name}.png`) });
    await context.close();
    await served.close();
  }
  return problems;
}

await mkdir(outDir, { recursive: true });
const browser = await launchBrowser();
const problems: string[] = [];
for (const shot of shots.filter(({ name }) => name.includes(values.only))) {
  for (const theme of ['light', 'dark'] as const) {
    problems.push(...(await takeShot(browser, shot, theme)));
  }
}
await browser.close();
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
