/**
 * How soon Compare shows 36 runs of 30 epochs, in headless Chromium on the real server and history:
 * `npx node bench/window/compare.ts` (about 1 min). Figures: bench/window.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { print, printHead, printMachine, spread } from '../measure.ts';
import { fillFolder } from './folder.ts';
import { openMeasuredPage } from './page.ts';
import { startMeasuredServer } from './server.ts';

const runs = 36;
const times = 15;
const plots = 6;

/** Begins to wait for the next key, and from it to a frame in which `selector` is there `count` times. */
function installTimer([selector, count]: readonly [string, number]): void {
  const found = new Promise<number>((resolve) => {
    const onKey = ({ timeStamp }: KeyboardEvent): void => {
      const look = (): void => {
        if (document.querySelectorAll(selector).length < count) {
          requestAnimationFrame(look);
          return;
        }
        // After the frame that is being made.
        const channel = new MessageChannel();
        channel.port1.onmessage = () => {
          resolve(performance.now() - timeStamp);
        };
        channel.port2.postMessage(null);
      };
      requestAnimationFrame(look);
    };
    addEventListener('keydown', onKey, { once: true, capture: true });
  });
  Object.assign(globalThis, { found });
}

/** From a key to a frame in which `selector` is there `count` times, ms. */
async function timeKey(page: Page, key: string, selector: string, count: number): Promise<number> {
  await page.evaluate(installTimer, [selector, count] as const);
  await page.keyboard.press(key);
  return page.evaluate(() => (globalThis as unknown as { found: Promise<number> }).found);
}

/** Selects every run of the table. */
async function selectAll(page: Page): Promise<void> {
  await page.getByRole('grid').focus();
  await page.keyboard.press('ArrowDown');
  for (let i = 1; i < runs; i += 1) await page.keyboard.press('Shift+ArrowDown');
}

const folder = mkdtempSync(join(tmpdir(), 'afterimage-bench-'));
printMachine();
await fillFolder(folder, { runs, epochs: 30, exampleEpochs: 0 });
const server = await startMeasuredServer(folder);
try {
  const { page, show, close } = await openMeasuredPage(server);
  const measure = async (selector: string, count: number): Promise<number[]> => {
    const found: number[] = [];
    for (let i = 0; i < times; i += 1) {
      await show('/', '.body > .row');
      await selectAll(page);
      found.push(await timeKey(page, 'c', selector, count));
    }
    return found;
  };
  printHead('Compare', 'times', 'ms, p50 / p95', '');
  print(
    `${runs} runs to the first paint of the view`,
    times,
    spread(await measure('.chip', 1)),
    '',
  );
  print(
    `${runs} runs to the painted curves`,
    times,
    spread(await measure('.legend .value', plots)),
    '',
  );
  await page.getByText('Every run', { exact: true }).click();
  const compared = new URL(page.url());
  const loads: number[] = [];
  for (let i = 0; i < times; i += 1) {
    await page.goto(compared.href);
    await page.waitForFunction(
      (least) => document.querySelectorAll('.uplot').length >= least,
      plots,
    );
    loads.push(await page.evaluate(() => performance.now()));
  }
  print(`load the page to the curves of every run`, times, spread(loads), '');
  await close();
} finally {
  await server.stop();
  rmSync(folder, { recursive: true });
}
printMachine();
