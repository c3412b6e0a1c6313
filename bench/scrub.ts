/**
 * How fast examples are opened, scrubbed and browsed in headless Chromium, over a made-up workbench:
 * `node bench/scrub.ts [--steps 500] [--examples 10000] [--epochs 50]`.
 */
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { ensureRenderer } from '../scripts/builds.ts';
import { launchBrowser } from '../test/support/browser.ts';
import { print, spread } from './measure.ts';
import { serveLargeRuns } from './scrubData.ts';
import type { ServedRuns } from './scrubData.ts';
import { installMeter } from './scrubMeter.ts';
import type { Meter, MeteredStep } from './scrubMeter.ts';

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '500' },
    examples: { type: 'string', default: '10000' },
    epochs: { type: 'string', default: '50' },
    /** Another folder of the built renderer than out/renderer. */
    renderer: { type: 'string' },
  },
});
const steps = Number(values.steps);
const examples = Number(values.examples);
const epochs = Number(values.epochs);
const browsedEpoch = 9;
const openings = 40;

declare const meter: Meter;

/** Frames follow each other without waiting for a screen's next refresh. */
const unlimited = ['--disable-frame-rate-limit', '--disable-gpu-vsync'];

async function openPage(
  served: ServedRuns,
  width: number,
  height: number,
  browserArgs: readonly string[] = [],
): Promise<Page> {
  const browser = await launchBrowser(browserArgs);
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  await page.addInitScript(installMeter);
  await page.goto(served.url);
  return page;
}

const goTo = async (page: Page, path: string, ready: string): Promise<void> => {
  await page.goto(new URL(path, page.url()).href);
  await page.locator(ready).first().waitFor();
  await page.waitForTimeout(500);
};

/** Steps one at a time, each waited for until its frame has been painted. */
async function step(page: Page, type: string, act: (i: number) => Promise<void>, count: number) {
  await page.evaluate((watched) => {
    meter.watch(watched);
  }, type);
  for (let i = 0; i < count; i += 1) {
    await act(i);
    await page.waitForFunction((done) => meter.steps.length >= done, i + 1, { polling: 5 });
  }
  return page.evaluate(() => meter.steps);
}

function reportSteps(name: string, found: MeteredStep[]): void {
  const latency = spread(found.map(({ latencyMs }) => latencyMs));
  const work = spread(found.map(({ workMs }) => workMs));
  print(name, found.length, latency, work, found.filter(({ painted }) => painted === 0).length);
}

async function measureScrub(
  served: ServedRuns,
  beside: boolean,
  browserArgs: readonly string[],
): Promise<void> {
  const page = await openPage(served, 1280, 800, browserArgs);
  const query = beside ? `?with=${served.runC}&epoch=0` : '?epoch=0';
  await goTo(page, `/runs/${served.runR}/examples/42${query}`, '.maps canvas');
  const screen = browserArgs.length === 0 ? '60 Hz' : 'no screen';
  const who = `${beside ? 'two runs' : 'one run'}, ${screen}`;

  const last = epochs - 1;
  const key = (i: number): string => (Math.floor(i / last) % 2 === 0 ? 'ArrowRight' : 'ArrowLeft');
  reportSteps(
    `keys, ${who}`,
    await step(page, 'keydown', (i) => page.keyboard.press(key(i)), steps),
  );

  await page.keyboard.press('Home');
  const axis = await page.getByRole('main').getByRole('slider', { name: 'Epoch' }).boundingBox();
  if (axis === null) throw new Error('The scrubber has no axis.');
  const x = (i: number): number => {
    const at = (i + 1) % (2 * last);
    return axis.x + (((at > last ? 2 * last - at : at) + 0.5) / epochs) * axis.width;
  };
  await page.mouse.move(axis.x + axis.width / epochs / 2, axis.y + 8);
  await page.mouse.down();
  const drag = (i: number): Promise<void> => page.mouse.move(x(i), axis.y + 8);
  reportSteps(`drag, ${who}`, await step(page, 'pointermove', drag, steps));
  await page.context().browser()?.close();
}

/** Opens tiles of the gallery one after the other, going back between. */
async function measureOpening(served: ServedRuns): Promise<void> {
  const page = await openPage(served, 1280, 800);
  const gallery = `/runs/${served.runR}?tab=examples&epoch=${browsedEpoch}&show=right-sure,right-unsure,wrong-sure,wrong-unsure&sort=exampleId`;
  await goTo(page, gallery, '.row');
  for (const name of ['not seen before', 'seen before']) {
    await page.evaluate(() => {
      meter.openings = [];
    });
    for (let i = 0; i < openings; i += 1) {
      const box = await page.getByRole('listbox', { name: 'Examples' }).boundingBox();
      if (box === null) throw new Error('There is no gallery.');
      await page.evaluate(() => {
        meter.awaitOpening();
      });
      await page.mouse.click(box.x + 40 + 97 * (i % 12), box.y + 40 + 118 * Math.floor(i / 12));
      await page.waitForFunction((done) => meter.openings.length >= done, i + 1);
      await page.waitForTimeout(100);
      await page.goBack();
      await page.locator('.row').first().waitFor();
      await page.waitForTimeout(200);
    }
    const found = await page.evaluate(() => meter.openings);
    // The first click also loads the view's code.
    const [first = 0, ...others] = found;
    print(`from the gallery, ${name}`, others.length, spread(others), first.toFixed(1));
  }
  await page.context().browser()?.close();
}

async function measureGallery(served: ServedRuns, width: number, height: number): Promise<void> {
  const page = await openPage(served, width, height);
  const all = 'show=right-sure,right-unsure,wrong-sure,wrong-unsure';
  for (const maps of ['', '&maps=1']) {
    await goTo(
      page,
      `/runs/${served.runR}?tab=examples&epoch=${browsedEpoch}&${all}${maps}`,
      '.row',
    );
    await page.waitForTimeout(1500);
    for (const pixelsPerFrame of [12, 60]) {
      const lengths = await page.evaluate(
        (pixels) => meter.scroll('[role=listbox]', pixels, 3000),
        pixelsPerFrame,
      );
      const dropped = lengths.reduce((sum, ms) => sum + Math.max(0, Math.round(ms / 16.7) - 1), 0);
      const name = `${width} × ${height}, ${maps === '' ? 'images' : 'images with maps'}, ${pixelsPerFrame * 60} px/s`;
      print(name, lengths.length, dropped, spread(lengths));
    }
  }
  await page.context().browser()?.close();
}

async function measureThreshold(served: ServedRuns): Promise<void> {
  const page = await openPage(served, 1280, 800);
  const wide = 'show=right-unsure,wrong-unsure';
  await goTo(page, `/runs/${served.runR}?tab=examples&epoch=${browsedEpoch}&${wide}`, '.row');
  await page.waitForTimeout(1500);
  const slider = await page.getByRole('slider', { name: 'Confidence threshold' }).boundingBox();
  if (slider === null) throw new Error('There is no threshold.');
  const y = slider.y + slider.height / 2;
  await page.mouse.move(slider.x + slider.width * 0.6, y);
  await page.mouse.down();
  const at = (i: number): number => slider.x + slider.width * (0.5 + 0.4 * Math.sin(i / 9));
  const found = await step(page, 'input', (i) => page.mouse.move(at(i + 1), y), 100);
  const latency = spread(found.map(({ latencyMs }) => latencyMs));
  print(
    'threshold, 10,000 images',
    found.length,
    latency,
    spread(found.map(({ workMs }) => workMs)),
  );
  await page.context().browser()?.close();
}

if (values.renderer === undefined) await ensureRenderer();
const rendererDir = values.renderer ?? join(import.meta.dirname, '../out/renderer');
const served = await serveLargeRuns(rendererDir, { examples, epochs });
const opened = Array.from({ length: openings + 20 }, (_, id) => id);
await served.prepare(served.runR, [browsedEpoch - 1, browsedEpoch, browsedEpoch + 1], opened);
await served.prepare(served.runC, [], [42]);

const load = (): string =>
  loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
console.log(`${examples} examples, ${epochs} epochs; ${cpus().length} x ${cpus()[0]?.model ?? ''}`);
console.log(`load before: ${load()}`);
print('scrub: step', 'steps', 'event to painted, ms, p50 / p95', 'work, ms', 'without a frame');
for (const browserArgs of [unlimited, []]) {
  await measureScrub(served, false, browserArgs);
  await measureScrub(served, true, browserArgs);
}
print('open', 'times', 'click to painted, ms, p50 / p95', 'the first, ms');
await measureOpening(served);
print('scroll for 3 s', 'frames', 'dropped', 'length of a frame, ms, p50 / p95');
await measureGallery(served, 1280, 800);
await measureGallery(served, 2560, 1440);
print('drag', 'steps', 'event to painted, ms, p50 / p95', 'work, ms');
await measureThreshold(served);
console.log(`load after: ${load()}`);
await served.close();
