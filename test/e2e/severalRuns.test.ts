import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureRenderer } from '../../scripts/builds.ts';
import { launchBrowser } from '../support/browser.ts';
import { openShot, sixteen } from '../support/shots.ts';
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

const open = (path: string, { width = 1280, height = 800, runs = 30 } = {}): Promise<OpenShot> =>
  openShot(browser, { name: path, path, runs }, { width, height, theme: 'light', rendererDir });

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
      await expect.poll(() => tools.getByRole('button', { name, exact: true }).count()).toBe(1);
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
      await expect.poll(() => sidewaysScroll(page)).toBe(0);
    }
    await close();
  });
});

describe.runIf(host === 'serve')('several runs in Compare', () => {
  it('have a mark for each seed, alike in every configuration', async () => {
    const { page, complaints, close } = await open(`/compare?runs=${sixteen}`, { runs: 120 });
    const swatches = page.getByRole('figure').first().getByRole('listitem').locator('svg');
    /** The shapes of the first plot's legend, by the names of its curves. */
    const shapes = () =>
      swatches.evaluateAll((all) =>
        all.map((svg) => [
          svg.closest('button')?.title.match(/seed \d+/)?.[0] ?? '',
          svg.querySelector('path')?.getAttribute('d') ?? null,
        ]),
      );
    await expect
      .poll(async () => (await shapes()).map(([, shape]) => shape))
      .toEqual([null, null, null, null]);
    await page.getByText('Every run').click();
    await expect.poll(shapes).toHaveLength(12);
    const bySeed = Map.groupBy(await shapes(), ([seed]) => seed);
    expect([...bySeed.keys()].length).toBeGreaterThan(3);
    const each = [...bySeed.values()].map((all) => new Set(all.map(([, shape]) => shape)));
    expect(each.every(({ size }) => size === 1)).toBe(true);
    expect(new Set(each.flatMap((all) => [...all])).size).toBe(bySeed.size);
    expect(complaints()).toEqual([]);
    await close();
  });

  it('have a curve of their calibration error, which is at its end what the table says', async () => {
    const { page, close } = await open(
      '/compare?runs=run-0014,run-0013&seeds=each&part=metrics&more=1',
    );
    const row = page.getByRole('row').filter({ hasText: /calibration error|ECE/ });
    const told = async (): Promise<string[]> =>
      (await row.first().getByRole('cell').allInnerTexts()).slice(0, 2);
    await expect.poll(told).not.toContain('–');
    const [c = ''] = await told();
    expect(c).toMatch(/^\d+\.\d+/);
    await page.getByText('Curves', { exact: true }).click();
    const plot = page.getByRole('img', { name: /^Expected calibration error over Epoch/ });
    // It is computed when somebody looks.
    await plot.scrollIntoViewIfNeeded();
    await expect.poll(() => plot.getAttribute('aria-label')).toContain(c.replace('%', ''));
    await close();
  });

  it('stand in the sweep’s table by what is swept, its column first', async () => {
    const runs = sixteen.split(',').toReversed().join();
    const { page, close } = await open(`/compare?runs=${runs}&part=sweep`, { runs: 120 });
    const table = page.getByRole('region', { name: 'Configurations' });
    const first = table.getByRole('row').locator('td:first-child, th:first-child');
    await expect
      .poll(() => first.allInnerTexts())
      .toEqual(['contrastive: weight', '–', '0.1', '1', '10']);
    await close();
  });
});

describe.runIf(host === 'serve')('runs that train and runs to come', () => {
  it('say speed and time left in their row, in the queue and on their page alike', async () => {
    const { page, complaints, close } = await open('/');
    const pace = /1,012 images\/s.*\d+ min( \d+ s)? left/;
    await page.getByRole('row').filter({ hasText: pace }).waitFor();
    await page.getByRole('link', { name: 'New run' }).click();
    await page.getByRole('complementary', { name: 'Queue' }).getByText(pace).waitFor();
    await page.getByRole('link', { name: 'mnist-c seed 1' }).first().click();
    await page.getByText('1,012 images/s', { exact: true }).waitFor();
    expect(complaints()).toEqual([]);
    await close();
  });

  it('keep their checkpoints where the form says so', async () => {
    const { page, close } = await open('/new');
    const sent: string[] = [];
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => sent.push(String(payload)));
    });
    await page.reload();
    const queue = async (choice: string, expected: RegExp): Promise<void> => {
      await page.getByRole('combobox', { name: 'Checkpoints' }).selectOption(choice);
      await page.getByRole('button', { name: 'Queue run' }).click();
      await page.waitForURL(/\/runs\/\w+/);
      const created = (): string => sent.filter((frame) => frame.includes('runs/create')).join();
      await expect.poll(created).toMatch(expected);
      sent.length = 0;
      await page.goBack();
    };
    await queue('Keep, to extend later', /"keepCheckpoints":true/);
    await queue('Give up when completed', /"keepCheckpoints":false/);
    await queue('As in Settings', /^(?!.*keepCheckpoints).+$/s);
    await close();
  });
});
