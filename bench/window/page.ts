/** Pages that are measured from inside. */
import type { WorkbenchServer } from '../../test/support/workbenchServer.ts';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../../test/support/browser.ts';
import { spread } from '../measure.ts';
import { installMeter } from './meter.ts';
import type { Meter, MeteredStep } from './meter.ts';

declare const meter: Meter;

/** Frames follow each other without waiting for a screen's next refresh. */
export const withoutScreen = ['--disable-frame-rate-limit', '--disable-gpu-vsync'];

export interface MeasuredPage {
  page: Page;
  /** Shows a path, and waits for what matches `ready` and then until the page is at rest. */
  show: (path: string, ready: string) => Promise<void>;
  close: () => Promise<void>;
}

/** Opens the workbench in a browser of its own, which takes an address of its own. */
export async function openMeasuredPage(
  { nextAddress }: Pick<WorkbenchServer, 'nextAddress'>,
  { width = 1280, height = 800, browserArgs = [] as readonly string[] } = {},
): Promise<MeasuredPage> {
  const browser = await launchBrowser(browserArgs);
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  await page.addInitScript(installMeter);
  const url = await nextAddress();
  await page.goto(url);
  const show = async (path: string, ready: string): Promise<void> => {
    await page.goto(new URL(path, url).href);
    await page.locator(ready).first().waitFor();
    await page.waitForTimeout(1000);
  };
  return { page, show, close: () => browser.close() };
}

/**
 * Acts `count` times; each input event of `type` is followed until its frame has been painted, or,
 * with `changing`, the frame after the first change inside what matches it.
 */
export async function step(
  page: Page,
  type: string,
  act: (i: number) => Promise<void>,
  count: number,
  changing?: string,
): Promise<MeteredStep[]> {
  await page.evaluate(
    ([watched, selector]) => {
      meter.watch(watched, selector);
    },
    [type, changing] as const,
  );
  for (let i = 0; i < count; i += 1) {
    await act(i);
    await page.waitForFunction((done) => meter.steps.length >= done, i + 1, { polling: 5 });
  }
  return page.evaluate(() => meter.steps);
}

/** Cells of a table: steps, event to painted, work. */
export const describeSteps = (steps: readonly MeteredStep[]): (string | number)[] => [
  steps.length,
  spread(steps.map(({ latencyMs }) => latencyMs)),
  spread(steps.map(({ workMs }) => workMs)),
];

/** A page that shows one number, which every key changes: what browser and machine take by themselves. */
export async function measureBarePage(
  count: number,
  browserArgs: readonly string[] = [],
): Promise<MeteredStep[]> {
  const browser = await launchBrowser(browserArgs);
  const page = await browser.newPage();
  await page.addInitScript(installMeter);
  await page.goto('about:blank');
  await page.evaluate(() => {
    let number = 0;
    addEventListener('keydown', () => (document.body.textContent = String((number += 1))));
  });
  const steps = await step(page, 'keydown', () => page.keyboard.press('ArrowRight'), count);
  await browser.close();
  return steps;
}

/** Scrolls for 3 s; cells of a table: frames, dropped ones at 60 Hz, length of a frame. */
export async function describeScroll(
  page: Page,
  selector: string,
  pixelsPerFrame: number,
): Promise<(string | number)[]> {
  const lengths = await page.evaluate(([where, pixels]) => meter.scroll(where, pixels, 3000), [
    selector,
    pixelsPerFrame,
  ] as const);
  const dropped = lengths.reduce((sum, ms) => sum + Math.max(0, Math.round(ms / 16.7) - 1), 0);
  return [lengths.length, dropped, spread(lengths)];
}
