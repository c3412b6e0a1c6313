/**
 * How fast examples are scrubbed and opened, in headless Chromium on the real server and a history of
 * 10,000 images and 50 epochs: `npx node bench/window/scrub.ts [--steps 500]` (about 4 min). Figures:
 * bench/window.md.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { historyFileName } from '../../src/main/store/history.ts';
import { evict, print, printHead, printMachine, spread } from '../measure.ts';
import { withFolder } from './folder.ts';
import type { FilledFolder } from './folder.ts';
import type { Meter } from './meter.ts';
import { describeSteps, measureBarePage, openMeasuredPage, step, withoutScreen } from './page.ts';
import { startMeasuredServer } from './server.ts';
import type { MeasuredServer } from './server.ts';

const { values } = parseArgs({ options: { steps: { type: 'string', default: '500' } } });
const steps = Number(values.steps);
const epochs = 50;
const openings = 25;

declare const meter: Meter;

interface Scrubbed extends FilledFolder {
  server: MeasuredServer;
}

async function measureScrub(
  { server, runC, runR }: Scrubbed,
  beside: boolean,
  browserArgs: readonly string[],
): Promise<void> {
  const { page, show, close } = await openMeasuredPage(server, { browserArgs });
  const query = beside ? `?with=${runC}&epoch=0` : '?epoch=0';
  await show(`/runs/${runR}/examples/42${query}`, '.maps canvas');
  const screen = browserArgs.length === 0 ? '60 Hz' : 'no screen';
  const who = `${beside ? 'two runs' : 'one run'}, ${screen}`;

  const last = epochs - 1;
  const key = (i: number): string => (Math.floor(i / last) % 2 === 0 ? 'ArrowRight' : 'ArrowLeft');
  const pressed = await step(page, 'keydown', (i) => page.keyboard.press(key(i)), steps);
  const unpainted = (all: typeof pressed): number => all.filter((one) => one.painted === 0).length;
  print(`keys, ${who}`, ...describeSteps(pressed), unpainted(pressed));

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
  const dragged = await step(page, 'pointermove', drag, steps);
  print(`drag, ${who}`, ...describeSteps(dragged), unpainted(dragged));
  await close();
}

/** Opens tiles of the gallery one after the other, going back between. */
async function measureOpening({ server, runR, dataDir }: Scrubbed): Promise<void> {
  const { page, show, close } = await openMeasuredPage(server);
  // In this order neighbours lie in different parts of the file.
  const all = 'show=right-sure,right-unsure,wrong-sure,wrong-unsure&sort=confidence';
  await show(`/runs/${runR}?tab=examples&epoch=9&${all}`, '.row');
  for (const name of ['not seen before, file not in the system’s cache', 'seen before']) {
    await page.evaluate(() => {
      meter.openings = [];
    });
    for (let i = 0; i < openings; i += 1) {
      const box = await page.getByRole('listbox', { name: 'Examples' }).boundingBox();
      if (box === null) throw new Error('There is no gallery.');
      if (name !== 'seen before') evict(join(dataDir, historyFileName));
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
    // The first of all also loads the view's code and the data set.
    const [first = 0, ...others] = await page.evaluate(() => meter.openings);
    print(name, others.length, spread(others), first.toFixed(1));
  }
  await close();
}

await withFolder({ runs: 1000, epochs: 30, exampleEpochs: epochs }, async (filled) => {
  const server = await startMeasuredServer(filled.dataDir);
  const scrubbed = { ...filled, server };
  printMachine();
  try {
    printHead('scrub', 'steps', 'event to painted, ms, p50 / p95', 'work, ms', 'without a frame');
    for (const browserArgs of [withoutScreen, []]) {
      const bare = await measureBarePage(steps, browserArgs);
      const screen = browserArgs.length === 0 ? '60 Hz' : 'no screen';
      print(`keys, a page with one number, ${screen}`, ...describeSteps(bare), '');
      await measureScrub(scrubbed, false, browserArgs);
      await measureScrub(scrubbed, true, browserArgs);
    }
    printHead('open an example', 'times', 'click to painted, ms, p50 / p95', 'the first, ms');
    await measureOpening(scrubbed);
  } finally {
    await server.stop();
  }
});
console.log('');
printMachine();
