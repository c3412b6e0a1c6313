import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureRenderer } from '../../scripts/builds.ts';
import { launchBrowser } from '../support/browser.ts';
import { openShot, shots } from '../support/shots.ts';
import type { OpenShot, Shot } from '../support/shots.ts';
import { host } from '../support/workbenchPage.ts';
import { sidewaysScroll } from './looking.ts';

/** Narrow windows, of made-up runs; in Electron the pages are the same. */
const rendererDir = join(import.meta.dirname, '../../out/renderer');
let browser: Browser;

beforeAll(async () => {
  await ensureRenderer();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
});

/** 1000 px; 1280 x 800 at 200%; what WCAG 1.4.10 asks for. */
const sizes = [
  { width: 1000, height: 700 },
  { width: 640, height: 400 },
  { width: 320, height: 640 },
];

/** Every view, and every part of one that lies another way. */
const visited = [
  'runs-0-first-start',
  'runs-filtered',
  'runs-grouped',
  'runs-selected',
  'run-live',
  'run-errors',
  'run-examples',
  'run-concepts',
  'run-failed',
  'studies',
  'studies-none',
  'study',
  'study-wide',
  'study-question',
  'runs-make-study',
  'new-run-sweep',
  'new-run-terms',
  'audit-table',
  'audit-curves',
  'audit-new',
  'compare',
  'compare-metrics',
  'compare-examples',
  'compare-statistics',
  'example',
  'example-two-runs',
  'example-three-runs',
  'figures-start',
  'figures-saved',
  'figures-long-name',
  'data',
  'data-published',
  'data-import',
  'settings',
  'not-found',
];

const shotOf = (name: string): Shot => {
  const shot = shots.find((each) => each.name === name);
  if (shot === undefined) throw new Error(`There is no shot ${name}.`);
  return shot;
};
const open = (name: string, size = { width: 1280, height: 800 }): Promise<OpenShot> =>
  openShot(browser, shotOf(name), { ...size, theme: 'light', rendererDir });

/**
 * What of a page cannot be reached by scrolling up and down: the view or its frame where it scrolls sideways, and
 * what lies beyond the window's edges. What scrolls within itself (a table, a strip, a figure on its
 * stage) is no part of it.
 */
const findLost = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const main = document.querySelector('main');
    if (main === null) return ['no view'];
    const lost = main.scrollWidth > main.clientWidth ? [`view: ${main.scrollWidth} px`] : [];
    const frame = main.firstElementChild ?? main;
    if (frame.scrollWidth > frame.clientWidth) lost.push(`frame: ${frame.scrollWidth} px`);
    const root = document.scrollingElement ?? document.documentElement;
    if (root.scrollHeight > innerHeight) lost.push(`page: ${root.scrollHeight} px high`);
    const holds = (element: Element): boolean =>
      element !== main && getComputedStyle(element).overflowX !== 'visible';
    const isHeld = (element: Element): boolean => {
      const parent = element.parentElement;
      return parent !== null && (holds(parent) || isHeld(parent));
    };
    for (const element of document.querySelectorAll('a, button, input, select, h1, h2, p, td')) {
      const { width, right } = element.getBoundingClientRect();
      if (width > 1 && right > innerWidth + 1 && !isHeld(element))
        lost.push(`${element.tagName} ${element.textContent.trim().slice(0, 40)}: ${right}`);
    }
    return lost;
  });

describe.runIf(host === 'serve').concurrent('no view scrolls sideways', () => {
  it.for(visited)('%s', async (name, { expect }) => {
    const { page, complaints, close } = await open(name);
    for (const size of sizes) {
      await page.setViewportSize(size);
      const found = async () => ({
        sideways: await sidewaysScroll(page),
        lost: await findLost(page),
      });
      await expect.poll(found).toEqual({ sideways: 0, lost: [] });
    }
    expect(complaints()).toEqual([]);
    await close();
  });
});

describe.runIf(host === 'serve')('the table of runs', () => {
  /** Width of a column by its header, CSS pixels. */
  const widthOf = async (page: Page, title: string): Promise<number> =>
    Math.round((await page.getByRole('columnheader', { name: title }).boundingBox())?.width ?? 0);

  it('has columns that a pointer and keys make wider, and remembers it', async () => {
    const { page, close } = await open('runs-30');
    const header = page.getByRole('columnheader', { name: 'Data set' });
    const before = await widthOf(page, 'Data set');
    const box = await header.boundingBox();
    if (box === null) throw new Error('no header');
    const [edge, middle] = [box.x + box.width, box.y + box.height / 2];
    await page.mouse.move(edge, middle);
    await page.mouse.down();
    await page.mouse.move(edge + 60, middle, { steps: 3 });
    await page.mouse.up();
    await expect.poll(() => widthOf(page, 'Data set')).toBe(before + 60);
    await header.getByRole('button').focus();
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(() => widthOf(page, 'Data set')).toBe(before + 68);
    // The order is the one from before: an edge is not a name.
    await expect.poll(() => header.getAttribute('aria-sort')).toBe('none');
    await page.reload();
    await page.getByText('30 runs').waitFor();
    await expect.poll(() => widthOf(page, 'Data set')).toBe(before + 68);
    const wide = await header.boundingBox();
    await page.mouse.dblclick((wide?.x ?? 0) + (wide?.width ?? 0), middle);
    await expect.poll(() => widthOf(page, 'Data set')).toBe(before);
    await close();
  });

  it('cuts no header of a column by which it is sorted', async () => {
    const { page, close } = await open('runs-30', { width: 1280, height: 800 });
    const cutHeaders = (): Promise<string[]> =>
      page.getByRole('columnheader').evaluateAll((headers) =>
        headers
          .filter((header) => {
            const text = header.querySelector('.truncate');
            return text !== null && text.scrollWidth > text.clientWidth + 1;
          })
          .map(({ textContent }) => textContent),
      );
    const titles = await page.getByRole('columnheader').getByRole('button').all();
    for (const title of titles) {
      await title.click({ modifiers: ['Shift'] });
      await expect.poll(cutHeaders).toEqual([]);
    }
    await close();
  });

  it('cuts a long name in the middle and says it whole', async () => {
    const { page, close } = await open('runs-30');
    const whole = /^Does a heavier map/;
    const link = page.getByRole('grid').getByRole('link', { name: whole });
    const name = (await link.textContent()) ?? '';
    expect(name.length).toBeGreaterThan(30);
    await expect.poll(() => link.locator('[title]').getAttribute('title')).toBe(name);
    // The last word is seen within the cell.
    const [cell, tail] = await Promise.all([
      link.locator('xpath=..').boundingBox(),
      link.locator('.tail').boundingBox(),
    ]);
    if (cell === null || tail === null) throw new Error('no name');
    expect(tail.x + tail.width).toBeLessThanOrEqual(cell.x + cell.width);
    expect(name.endsWith((await link.locator('.tail').getAttribute('data-part')) ?? '-')).toBe(
      true,
    );
    await expect
      .poll(() => link.locator('.head').evaluate((e) => e.scrollWidth > e.clientWidth))
      .toBe(true);
    await close();
  });
});
