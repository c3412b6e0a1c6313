/**
 * How fast the runs table (1,000 runs of 30 epochs beside 30 runs) and the gallery (10,000 tiles)
 * answer, in headless Chromium on the real server and history: `npx node bench/window/lists.ts`
 * (about 4 min). `--runs 10000` measures the table of so many runs alone. Figures: bench/window.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../../test/support/browser.ts';
import { print, printHead, printMachine, spread } from '../measure.ts';
import { fillFolder, withFolder } from './folder.ts';
import { installMeter } from './meter.ts';
import type { Meter } from './meter.ts';
import { describeScroll, describeSteps, openMeasuredPage, step } from './page.ts';
import { startMeasuredServer } from './server.ts';
import type { MeasuredServer } from './server.ts';

declare const meter: Meter;

const loads = 15;
const changes = 60;
const rowOfTable = '.body > .row';

/** Loads the page anew, and comes to the table from another view. */
async function measureOpening(page: Page, who: string): Promise<void> {
  const firstPaint: number[] = [];
  const firstRow: number[] = [];
  const longest: number[] = [];
  const returns: number[] = [];
  for (let i = 0; i < loads; i += 1) {
    await page.reload();
    await page.waitForFunction(() => meter.firstRowMs > 0);
    const found = await page.evaluate(() => ({
      paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
      row: meter.firstRowMs,
      longest: Math.max(0, ...meter.longTasks),
    }));
    firstPaint.push(found.paint);
    firstRow.push(found.row);
    longest.push(found.longest);
    await page.getByRole('link', { name: 'Data' }).click();
    await page.getByRole('heading', { name: 'mnist' }).first().waitFor();
    await page.waitForTimeout(300);
    const open = async (): Promise<void> =>
      page.getByRole('link', { name: 'Runs', exact: true }).first().click();
    const [back] = await step(page, 'click', open, 1, 'main');
    returns.push(back?.latencyMs ?? 0);
    await page.locator(rowOfTable).first().waitFor();
  }
  print(`load the page to its first paint, ${who}`, loads, spread(firstPaint), '');
  print(`load the page to the painted rows, ${who}`, loads, spread(firstRow), '');
  print(`longest task of the load, ${who}`, loads, spread(longest), '');
  print(`come back from another view, ${who}`, loads, spread(returns), '');
}

async function measureTable(server: MeasuredServer, who: string): Promise<void> {
  const { page, show, close } = await openMeasuredPage(server);
  await show('/', rowOfTable);
  await measureOpening(page, who);
  await show('/', rowOfTable);
  const body = '[aria-label=Runs] > .body';
  const columns = ['Name', 'Accuracy', 'Seed', 'Corr.'];
  const header = (i: number) =>
    page.getByRole('button', {
      name: columns[Math.floor(i / 2) % columns.length] ?? '',
      exact: true,
    });
  const sorted = await step(page, 'click', (i) => header(i).click(), changes, body);
  print(`sort, ${who}`, ...describeSteps(sorted));

  await show('/', rowOfTable);
  const words = 'mnist-r seed 1';
  const typed = `${words}${'\b'.repeat(words.length)}`;
  await page.getByLabel('Filter runs by text').focus();
  const type = (i: number): Promise<void> => {
    const key = typed[i % typed.length] ?? '';
    return page.keyboard.press(key === '\b' ? 'Backspace' : key);
  };
  const filtered = await step(page, 'input', type, changes);
  print(`a letter of a filter, ${who}`, ...describeSteps(filtered));

  await show('/', rowOfTable);
  const group = page.getByRole('button', { name: 'Group seeds' });
  const grouped = await step(page, 'click', () => group.click(), 20, body);
  print(`fold by configuration and unfold, ${who}`, ...describeSteps(grouped));

  await show('/', rowOfTable);
  print(`scroll 3 s, 3,600 px/s, ${who}`, ...(await describeScroll(page, '[aria-label=Runs]', 60)));
  await close();
}

/** The same scroll over nothing: what browser and machine take by themselves. */
async function measureBareScroll(): Promise<void> {
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.addInitScript(installMeter);
  await page.goto('about:blank');
  await page.evaluate(() => {
    document.body.innerHTML =
      '<div id="list" style="height:700px;overflow:auto"><div style="height:300000px"></div></div>';
  });
  print('an empty page, 3,600 px/s', ...(await describeScroll(page, '#list', 60)));
  await browser.close();
}

const everyTile = 'show=right-sure,right-unsure,wrong-sure,wrong-unsure';

async function measureGallery(server: MeasuredServer, runR: string, width: number, height: number) {
  for (const maps of ['', '&maps=1']) {
    const { page, show, close } = await openMeasuredPage(server, { width, height });
    await show(`/runs/${runR}?tab=examples&epoch=9&${everyTile}${maps}`, '.row');
    for (const pixelsPerFrame of [12, 60]) {
      const what = maps === '' ? 'images' : 'images with maps';
      const name = `${width} × ${height}, ${what}, ${(pixelsPerFrame * 60).toLocaleString('en')} px/s`;
      print(name, ...(await describeScroll(page, '[role=listbox]', pixelsPerFrame)));
    }
    await close();
  }
}

async function measureThreshold(server: MeasuredServer, runR: string): Promise<void> {
  const { page, show, close } = await openMeasuredPage(server);
  await show(`/runs/${runR}?tab=examples&epoch=9&show=right-unsure,wrong-unsure`, '.row');
  const slider = await page.getByRole('slider', { name: 'Confidence threshold' }).boundingBox();
  if (slider === null) throw new Error('There is no threshold.');
  const y = slider.y + slider.height / 2;
  await page.mouse.move(slider.x + slider.width * 0.6, y);
  await page.mouse.down();
  // To and fro, two of its values at a time: a step without a change would be no event.
  const at = (i: number): number =>
    slider.x + slider.width * (0.1 + 0.8 * Math.abs(((i / 40) % 2) - 1));
  const found = await step(page, 'input', (i) => page.mouse.move(at(i + 1), y), 100);
  print('drag the threshold, 10,000 images', ...describeSteps(found));
  await close();
}

const latency = 'ms, p50 / p95';

/** The table of so many runs, in a history of nothing else. */
async function measureRuns(runs: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'afterimage-bench-'));
  await fillFolder(folder, { runs, epochs: 30, exampleEpochs: 0 });
  const server = await startMeasuredServer(folder);
  try {
    await measureTable(server, `${runs.toLocaleString('en')} runs`);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

async function measureTables(counts: readonly number[]): Promise<void> {
  printHead('Runs', 'times', `event to painted, ${latency}`, 'work, ms');
  for (const runs of counts) await measureRuns(runs);
}

async function measureAll(): Promise<void> {
  await withFolder({ runs: 1000, epochs: 30, exampleEpochs: 50 }, async ({ dataDir, runR }) => {
    const server = await startMeasuredServer(dataDir);
    try {
      printHead('Runs', 'times', `event to painted, ${latency}`, 'work, ms');
      await measureTable(server, '1,000 runs');
      await measureRuns(30);
      printHead('Gallery: scroll for 3 s', 'frames', 'dropped', `length of a frame, ${latency}`);
      await measureBareScroll();
      await measureGallery(server, runR, 1280, 800);
      await measureGallery(server, runR, 2560, 1440);
      printHead('Gallery', 'times', `event to painted, ${latency}`, 'work, ms');
      await measureThreshold(server, runR);
    } finally {
      await server.stop();
    }
  });
}

const { values } = parseArgs({ options: { runs: { type: 'string' } } });
printMachine();
await (values.runs === undefined ? measureAll() : measureTables([Number(values.runs), 30]));
console.log('');
printMachine();
