import { paradigmOf } from '../../src/core/config/objectives.ts';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { unzipSync } from 'fflate';
import { venues } from '../../src/core/figures/style.ts';
import { installLiveMeter } from '../support/liveMeter.ts';
import { readRuns, withHistory } from '../support/storedRun.ts';
import { openWorkbenchPage } from '../support/workbenchPage.ts';
import type { WorkbenchPage } from '../support/workbenchPage.ts';
import { pressOn, queueRun, tabTo } from './doing.ts';
import { picturesOfFailures } from './looking.ts';

const trainingMs = 120_000;
let workbench: WorkbenchPage;
let page: Page;
const ids = { c: '', r: '' };
let exampleId = 0;
const dataDir = mkdtempSync(join(tmpdir(), 'afterimage-figures-'));

beforeAll(
  async () => {
    workbench = await openWorkbenchPage({ dataDir });
    ({ page } = workbench);
    await installLiveMeter(page);
    const small = { epochs: 3, trainExamples: 600, testExamples: 100 } as const;
    for (const paradigm of ['C', 'R'] as const) {
      await queueRun(page, `drawn ${paradigm}`, {
        ...small,
        objective: paradigm === 'C' ? 'none' : 'contrastive',
      });
    }
    await page.getByText('Completed').waitFor({ timeout: trainingMs });
    const isDone = (): boolean => readRuns(dataDir).every(({ status }) => status === 'completed');
    await vi.waitUntil(isDone, { timeout: trainingMs, interval: 500 });
    for (const { id, config } of readRuns(dataDir))
      ids[paradigmOf(config) === 'C' ? 'c' : 'r'] = id;
    exampleId = withHistory(
      dataDir,
      ({ examples }) => examples.getEpoch(ids.c, 0).exampleIds[3] ?? 0,
    );
  },
  2 * trainingMs + 60_000,
);
afterAll(async () => {
  await workbench.close();
  rmSync(dataDir, { recursive: true, force: true });
});
picturesOfFailures(() => page);

const openExample = async (run: string): Promise<void> => {
  await page.goto(new URL(`/runs/${run}/examples/${exampleId}`, page.url()).href);
  await page.getByRole('button', { name: 'Add to figure' }).waitFor();
};
const rows = () => page.getByRole('list', { name: 'Rows of the figure' }).getByRole('listitem');
const picture = () => page.getByRole('group', { name: 'Figure' }).locator('svg').first();
/** Looks again until it is so, on a busy machine too. */
const seconds = (since: number): number => (performance.now() - since) / 1000;

/** What the picture says, run names and epochs included. */
const textOf = async (): Promise<string> => {
  await picture().waitFor();
  return (await picture().textContent()) ?? '';
};

/** An action that gives a PDF with the figure's name. */
async function expectPdf(act: () => Promise<void>): Promise<void> {
  const download = page.waitForEvent('download');
  await act();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^evolution-drawn-c-.*\.pdf$/);
  expect(
    readFileSync(await file.path())
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-');
}

/** A run beside the one whose example it is. */
const beside = (name: string) =>
  page.getByRole('group', { name: 'Runs beside it' }).getByText(name);

/** Width of the picture on the screen, CSS pixels. */
const widthOf = async (): Promise<number> => (await picture().boundingBox())?.width ?? 0;

describe('a two-row evolution figure of an example from the scrubber', () => {
  it('takes less than a minute by keyboard alone, the file included', async () => {
    await openExample(ids.c);
    const began = performance.now();
    await pressOn(page, page.getByRole('button', { name: 'Add a run' }));
    await page.keyboard.type('drawn R');
    await page.keyboard.press('Enter');
    await beside('drawn R').waitFor();
    await page.keyboard.press('f');
    await page.getByRole('menuitem', { name: 'New: Evolution' }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/figures\?/);
    await expect.poll(() => textOf()).toContain('drawn R');
    await expect.poll(() => rows().count()).toBe(2);
    await pressOn(page, page.getByRole('button', { name: 'Export' }));
    await expectPdf(() => page.keyboard.press('Enter'));
    expect(seconds(began)).toBeLessThan(60);
  });

  it('takes less than a minute by mouse, the file included', async () => {
    await openExample(ids.c);
    const began = performance.now();
    await page.getByRole('button', { name: 'Add a run' }).click();
    await page.getByRole('button', { name: /drawn R/ }).click();
    await beside('drawn R').waitFor();
    await page.getByRole('button', { name: 'Add to figure' }).click();
    await page.getByRole('menuitem', { name: 'New: Evolution' }).click();
    await page.waitForURL(/\/figures\?/);
    await expect.poll(() => textOf()).toContain('drawn R');
    await expect.poll(() => rows().count()).toBe(2);
    await page.getByRole('button', { name: 'Export' }).click();
    await expectPdf(() => page.getByRole('menuitem', { name: 'PDF' }).click());
    expect(seconds(began)).toBeLessThan(60);
  });

  it('grows by a row from another run’s scrubber without leaving it', async () => {
    await page.goto(
      new URL(
        `/figures?spec=${encodeURIComponent(
          JSON.stringify({
            template: 'cam-evolution',
            rows: [{ run: ids.c, example: exampleId }],
          }),
        )}`,
        page.url(),
      ).href,
    );
    await expect.poll(() => rows().count()).toBe(1);
    await page.keyboard.press('ControlOrMeta+k');
    await page.keyboard.type(String(exampleId));
    await page.getByRole('option', { name: new RegExp(`${exampleId}.*drawn R`) }).click();
    await page.getByRole('button', { name: 'Add to figure' }).click();
    await page.getByRole('menuitem', { name: 'Add to “Evolution”' }).click();
    await page.getByText(`Added image ${exampleId} to “Evolution”`).waitFor();
    await page.getByRole('button', { name: 'Show the figure' }).click();
    await expect.poll(() => rows().count()).toBe(2);
    await expect.poll(() => picture().textContent()).toContain('drawn R');
  });
});

describe('the preview', () => {
  it('is as wide as the print, and follows the width and the colours at once', async () => {
    await openFigure({ template: 'cam-pair', run: ids.r, example: exampleId });
    // One column of IEEE, at 96 pixels per 72 pt.
    await expect.poll(widthOf).toBeCloseTo((venues.ieee.oneColumnPt * 96) / 72, 0);
    await page.getByRole('radio', { name: 'mm' }).check({ force: true });
    await page.getByRole('spinbutton', { name: 'Width in mm' }).fill('50.8');
    await expect.poll(widthOf).toBeCloseTo(192, 0);
    const before = await picture().innerHTML();
    await page.getByRole('combobox', { name: 'Colour map' }).selectOption('grey');
    await expect.poll(() => picture().innerHTML()).not.toBe(before);
    await page.getByRole('combobox', { name: 'Zoom' }).selectOption('200');
    await expect.poll(widthOf).toBeCloseTo(384, 0);
    expect(new URL(page.url()).searchParams.get('zoom')).toBe('200');
  });

  it('is set in the fonts that exports embed', async () => {
    await openFigure({ template: 'cam-pair', run: ids.r, example: exampleId });
    await picture().waitFor();
    const isLoaded = (): Promise<boolean> =>
      page.evaluate(() =>
        [...document.fonts].some(({ family, status }) => family === 'Arimo' && status === 'loaded'),
      );
    await expect.poll(isLoaded).toBe(true);
  });

  it('says in its place what is wrong, and keeps the last picture', async () => {
    await openFigure({ template: 'cam-pair', run: ids.r, example: exampleId });
    await picture().waitFor();
    await page.getByRole('radio', { name: 'mm' }).check({ force: true });
    await page.getByRole('spinbutton', { name: 'Width in mm' }).fill('8');
    const alert = page.getByRole('region', { name: 'Preview' }).getByRole('alert');
    await expect.poll(() => alert.textContent()).toContain('8.0 mm is too little');
    await expect.poll(() => picture().isVisible()).toBe(true);
    await page.getByRole('spinbutton', { name: 'Width in mm' }).fill('60');
    await alert.waitFor({ state: 'detached' });
  });
});

async function openFigure(spec: Record<string, unknown>): Promise<void> {
  const query = `spec=${encodeURIComponent(JSON.stringify(spec))}`;
  await page.goto(new URL(`/figures?${query}`, page.url()).href);
  await page.getByRole('group', { name: 'Figure' }).waitFor();
}

describe('a saved figure', () => {
  it('is listed with its picture, opens again, is exported whole and removed with undo', async () => {
    await openFigure({ template: 'training-curves', runs: [ids.c, ids.r] });
    await picture().waitFor();
    await page.getByRole('textbox', { name: 'Name of the figure' }).fill('Fig. 7 – losses');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved “Fig. 7 – losses”').waitFor();
    expect(withHistory(dataDir, ({ figures }) => figures.list())).toMatchObject([
      { name: 'Fig. 7 – losses', specification: { runs: [ids.c, ids.r] } },
    ]);
    await page.getByRole('button', { name: 'Export' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'All files' }).click();
    const files = unzipSync(readFileSync(await (await download).path()));
    expect(
      Object.keys(files)
        .map((name) => name.replace('fig-7-losses.', ''))
        .toSorted(),
    ).toEqual(['csv', 'figure.json', 'pdf', 'png', 'svg']);
    await page.getByRole('link', { name: 'All figures' }).click();
    const card = page.getByRole('article', { name: 'Fig. 7 – losses' });
    await card.getByRole('img').waitFor();
    await card.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await card.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await card.waitFor();
    await card.getByRole('link').click();
    await tabTo(page, page.getByRole('textbox', { name: 'Name of the figure' }));
    await expect.poll(() => textOf()).toContain('Validation cross-entropy');
  });

  it('says so where its run is gone, and breaks nothing else', async () => {
    const gone = { template: 'confusion-matrix', run: 'zzzzzzzzzzzz' } as const;
    withHistory(dataDir, ({ figures }) => {
      figures.insert('orphan', gone as never);
    });
    await page.goto(new URL('/figures', page.url()).href);
    const orphan = page.getByRole('article', { name: 'orphan' });
    await orphan.getByText('There is no run zzzzzzzzzzzz.').waitFor();
    await page.getByRole('article', { name: 'Fig. 7 – losses' }).getByRole('img').waitFor();
  });
});

describe('all along', () => {
  it('the page complains of nothing', () => {
    expect(workbench.complaints).toEqual([]);
  });
});
