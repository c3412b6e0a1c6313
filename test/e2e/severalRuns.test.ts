import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureRenderer } from '../../scripts/builds.ts';
import { launchBrowser } from '../support/browser.ts';
import { openShot } from '../support/shots.ts';
import type { OpenShot } from '../support/shots.ts';
import { host } from '../support/workbenchPage.ts';
import { epochAxis, sidewaysScroll } from './looking.ts';

/** Where several runs stand beside each other, of made-up runs; in Electron the pages are the same. */
const rendererDir = join(import.meta.dirname, '../../out/renderer');
let browser: Browser;
beforeAll(async () => {
  await ensureRenderer();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
});

const open = (path: string, size = { width: 1280, height: 800 }): Promise<OpenShot> =>
  openShot(browser, { name: path, path }, { ...size, theme: 'light', rendererDir });

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
const boxesOf = async (all: Locator): Promise<Box[]> => {
  const boxes = await Promise.all((await all.all()).map((one) => one.boundingBox()));
  return boxes.filter((box) => box !== null);
};
const images = (page: Page, name: RegExp): Promise<Box[]> =>
  boxesOf(page.getByRole('group', { name: /^Maps/ }).getByRole('img', { name }));

const example = '/runs/run-0013/examples/13?with=run-0014,run-0010';

describe.runIf(host === 'serve')('several runs on one image', () => {
  it.each([
    { runs: 3, path: example },
    { runs: 4, path: `${example},run-0009` },
  ])('$runs runs have legible maps on a small window, each above its difference', async (each) => {
    const { page, complaints, close } = await open(each.path);
    const [maps, differences] = [
      await images(page, /Map of/),
      await images(page, /^Difference of the maps/),
    ];
    expect(maps).toHaveLength(each.runs);
    expect(differences).toHaveLength(each.runs - 1);
    const axis = await epochAxis(page).boundingBox();
    for (const { y, width, height } of maps) {
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(200);
      expect(y + height).toBeLessThan(axis?.y ?? 0);
    }
    // The axis of the epochs and its labels are seen too.
    expect((axis?.y ?? 800) + (axis?.height ?? 0)).toBeLessThan(800);
    expect(differences.map(({ x }) => x)).toEqual(maps.slice(1).map(({ x }) => x));

    const last = page.getByRole('img', { name: /^Difference/ }).last();
    await page.getByRole('group', { name: /^Maps/ }).focus();
    await page.keyboard.press('PageDown');
    await expect
      .poll(async () => ((await last.boundingBox())?.y ?? 800) < (axis?.y ?? 0) - 150)
      .toBe(true);
    expect(complaints()).toEqual([]);
    await close();
  });

  it('take two lines of tools at 1000 px, each with its name', async () => {
    const { page, close } = await open(example, { width: 1000, height: 700 });
    const tools = page.locator('.toolbar');
    const boxes = await boxesOf(tools.getByRole('button'));
    // What stands in one line has its middle there, whatever its height.
    const lines = new Set(boxes.map(({ y, height }) => Math.round((y + height / 2) / 12)));
    expect(lines.size).toBe(2);
    for (const name of ['Display', 'Tag', 'Add to figure', 'Add a run', 'Options']) {
      expect(await tools.getByRole('button', { name, exact: true }).count()).toBe(1);
    }
    await close();
  });

  it('have maps of a size on a narrow window, of which none is lost to a side', async () => {
    const { page, close } = await open(example);
    for (const width of [640, 320]) {
      await page.setViewportSize({ width, height: 640 });
      await expect
        .poll(async () => Math.min(...(await images(page, /Map of|^Diff/)).map((box) => box.width)))
        .toBeGreaterThanOrEqual(190);
      const right = (await images(page, /./)).map((box) => box.x + box.width);
      expect(Math.max(...right)).toBeLessThanOrEqual(width);
      expect(await sidewaysScroll(page)).toBe(0);
    }
    await close();
  });
});
