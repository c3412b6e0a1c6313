/** What a page shows, as a user would say it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterEach, expect } from 'vitest';

/** Packed colours of a canvas, row by row. */
export const readColors = (canvas: Locator): Promise<number[]> =>
  canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const context = (element as HTMLCanvasElement).getContext('2d');
    const { data } = context?.getImageData(0, 0, width, height) ?? {
      data: new Uint8ClampedArray(),
    };
    return [...new Uint32Array(data.buffer)];
  });

/** All of a canvas as one text: another text is another picture. */
export const pictureOf = (canvas: Locator): Promise<string> =>
  canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL());

/** The map of a run under the scrubber. */
export const mapCanvas = (page: Page, runName: string): Locator =>
  page.getByRole('img', { name: new RegExp(`^(?:\\w: )?Map of .* of ${runName}$`) });

/** Waits until the map of a run is the one that is expected, to the bit. */
export async function expectMap(page: Page, runName: string, colors: number[]): Promise<void> {
  await expect.poll(() => readColors(mapCanvas(page, runName)), { timeout: 5_000 }).toEqual(colors);
}

/** The axis of the scrubber. */
export const epochAxis = (page: Page): Locator =>
  page.getByRole('main').getByRole('slider', { name: 'Epoch', exact: true });

/** Waits until the scrubber's cursor is on an epoch. */
export async function expectEpoch(page: Page, epoch: number): Promise<void> {
  await expect
    .poll(() => epochAxis(page).getAttribute('aria-valuenow'), { timeout: 5_000 })
    .toBe(String(epoch));
}

/** Chooses the images that one of two compared runs has right; which of them has any is chance. */
export const disagreement = (page: Page): Locator =>
  page.getByRole('radio', { name: /^Only .+ right [1-9]/ }).first();

/** The row of a run, or of a group, in the table of runs. */
export const runRow = (page: Page, name: string): Locator =>
  page.getByRole('grid', { name: 'Runs' }).getByRole('row').filter({ hasText: name });

/** Number written on one of the gallery's toggles. */
export async function readToggle(page: Page, title: string): Promise<number> {
  const text = await page.getByRole('button', { name: title }).innerText();
  return Number(/[\d,]+$/.exec(text.trim())?.[0].replace(',', ''));
}

/** By how much the page is wider than the window; 0 is right. */
export const sidewaysScroll = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const { scrollWidth } = document.scrollingElement ?? document.documentElement;
    return Math.max(0, scrollWidth - innerWidth);
  });

const pictures = join(import.meta.dirname, '../../out/e2e');

/** Leaves a picture of the page in out/e2e for every test that fails. */
export function picturesOfFailures(page: () => Page): void {
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    mkdirSync(pictures, { recursive: true });
    const name = task.name.replace(/\W+/g, '-').slice(0, 80);
    await page().screenshot({ path: join(pictures, `${name}.png`) });
  });
}
