/** The scrubber's room, numbers and ways of looking, on made-up runs whose numbers are known. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeExample } from '../support/fakeExamples.ts';
import { host } from '../support/workbenchPage.ts';
import { epochAxis, expectEpoch, picturesOfFailures, pictureOf } from './looking.ts';
import { openMadeUpPage, runOf } from './madeUp.ts';
import type { MadeUpPage } from './madeUp.ts';

const exampleId = 13;
/** R, C of the same seed, and C of another. */
const ids = ['run-0013', 'run-0014', 'run-0010'] as const;
const one = `/runs/${ids[0]}/examples/${exampleId}`;
const two = `${one}?with=${ids[1]}`;

let made: MadeUpPage;
let page: Page;

beforeAll(async () => {
  if (host !== 'serve') return;
  made = await openMadeUpPage(one);
  ({ page } = made);
}, 120_000);
afterAll(async () => {
  if (host === 'serve') await made.close();
});
picturesOfFailures(() => page);

const at = (id: string, epoch: number) => fakeExample(runOf(id), exampleId, epoch);

async function visit(path: string, width = 1280, height = 800): Promise<void> {
  await page.setViewportSize({ width, height });
  await page.goto(new URL(path, page.url()).href);
  await page.getByRole('slider', { name: 'Epoch', exact: true }).waitFor();
}

const map = (run: string): Locator =>
  page.getByRole('img', { name: new RegExp(`Map of .* of ${runOf(run).name}$`) });

/** Left, top, right and bottom of an element, CSS pixels. */
async function edgesOf(element: Locator) {
  const { x, y, width, height } = (await element.boundingBox()) ?? {
    x: 0,
    y: 0,
    width: 0,
    height: 0,
  };
  return { left: x, top: y, right: x + width, bottom: y + height, width, height };
}
const sideOf = async (run: string): Promise<number> => (await edgesOf(map(run))).width;

/** Sides of both maps, once the layout has come to rest at a size of the window. */
async function sidesAt(width: number, height: number): Promise<number[]> {
  await visit(two, width, height);
  await map(ids[1]).waitFor();
  return Promise.all(ids.slice(0, 2).map(sideOf));
}

describe.runIf(host === 'serve')('the room', () => {
  it('of two runs gives the maps 200 px on a small window and more on a larger one', async () => {
    const small = await sidesAt(1280, 800);
    expect(Math.min(...small)).toBeGreaterThanOrEqual(200);
    const large = await sidesAt(1920, 1080);
    expect(Math.min(...large)).toBeGreaterThanOrEqual(300);
  });

  it('holds all that matters on 1000 x 700, and scrolls neither way to it', async () => {
    await visit(two, 1000, 700);
    await map(ids[1]).waitFor();
    const essential = [
      page.getByRole('img', { name: 'The input image' }),
      ...[map(ids[0]), map(ids[1])],
      page.getByRole('group', { name: 'Film' }),
      epochAxis(page),
      page.getByRole('region', { name: 'Predictions' }).getByRole('listitem').first(),
    ];
    for (const element of essential) {
      const { bottom, right, width } = await edgesOf(element);
      expect(width).toBeGreaterThan(20);
      expect(bottom).toBeLessThanOrEqual(700);
      expect(right).toBeLessThanOrEqual(1000);
    }
  });

  it('is the whole width for the film, which says what each epoch predicted, how surely, and whether rightly', async () => {
    await visit(two);
    const main = await edgesOf(page.getByRole('main'));
    await expect
      .poll(async () => (await edgesOf(epochAxis(page))).width)
      .toBeGreaterThan(0.93 * main.width);
    const strips = page.getByRole('list', { name: 'Predictions by epoch' });
    for (const [i, id] of ids.slice(0, 2).entries()) {
      const said = await strips.nth(i).getByRole('listitem').allInnerTexts();
      const expected = runOf(id).epochs.map(({ epoch }) => {
        const { predictedClass, correct, confidence } = at(id, epoch);
        return `${predictedClass}${correct ? '✓' : '✗'}${confidence.toFixed(2)}`;
      });
      expect(said.map((text) => text.replaceAll(/\s/g, ''))).toEqual(expected);
    }
  });

  it('says whose class the maps are of wherever it changes along the film', async () => {
    await visit(two);
    const classes = runOf(ids[0]).epochs.map(({ epoch }) => at(ids[0], epoch).predictedClass);
    const changes = classes.filter((k, i) => k !== classes[i - 1]);
    const spans = page
      .locator('.film-strip')
      .first()
      .getByTitle(/^Maps of/);
    await expect
      .poll(async () =>
        (await spans.allInnerTexts()).map((text) => Number(text.replace('Map of ', ''))),
      )
      .toEqual(changes);
  });

  it('has bars for the label, what is predicted and the next three; the rest on demand', async () => {
    await visit(`${one}?epoch=9`);
    const bars = page.getByRole('list', { name: 'Probability by class' }).getByRole('listitem');
    const { probabilities, label } = at(ids[0], 9);
    const next = probabilities
      .map((value, k) => ({ value, k }))
      .filter(({ k }) => k !== label)
      .sort((a, b) => b.value - a.value)
      .slice(0, 3);
    const expected = [label, ...next.map(({ k }) => k)].map(
      (k) => `${k}${k === label ? ', label' : ''} ${(probabilities[k] ?? 0).toFixed(3)}`,
    );
    const texts = async (): Promise<string[]> =>
      (await bars.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').replace(' ,', ','));
    await expect.poll(() => texts()).toEqual(expected);
    await page.getByRole('button', { name: 'All 10 classes' }).click();
    await expect.poll(() => bars.count()).toBe(10);
  });
});

describe.runIf(host === 'serve')('its numbers', () => {
  const correlations = (): Promise<string | null> =>
    page.locator('.history-lines .correlation').first().getAttribute('d');

  it('draw the correlation of the map that is shown, and say whose it is', async () => {
    await visit(one);
    const stored = await correlations();
    await visit(`${one}?class=2`);
    await page.getByText('input correlation of the map of 2').waitFor();
    await expect.poll(correlations).not.toBe(stored);
    // Where class 2 is not predicted anywhere, the point under the cursor is the table's figure.
    const row = page.getByRole('row').filter({ hasText: '✓' }).first();
    const shown = Number((await row.getByRole('cell').nth(2).innerText()).replace('−', '-'));
    const dot = page.locator('.history-lines circle').nth(1);
    const [top, zero] = await Promise.all(
      ['1.0', '0.0'].map(async (text) =>
        Number(
          await page.locator('.history-lines text', { hasText: text }).first().getAttribute('y'),
        ),
      ),
    );
    const y = Number(await dot.getAttribute('cy')) + 4;
    expect(((zero ?? 0) - y) / ((zero ?? 0) - (top ?? 0))).toBeCloseTo(shown, 2);
  });

  it('take the threshold along from the gallery', async () => {
    await visit(`${one}?threshold=0.65`);
    await page.getByText('threshold 0.65').waitFor();
    const line = page.locator('.history-lines .threshold');
    const heights = await Promise.all(
      ['1.0', '0.5'].map(async (text) =>
        Number(await page.locator('.history-lines text', { hasText: text }).getAttribute('y')),
      ),
    );
    const [top = 0, half = 0] = heights;
    const y = Number(await line.getAttribute('y1')) + 4;
    expect(1 - ((y - top) / (half - top)) * 0.5).toBeCloseTo(0.65, 3);
  });

  it('are each run’s own epoch where that was compared, until the cursor moves', async () => {
    await visit(`${two}&epoch=9&own=${ids[1]}:5`);
    await expectEpoch(page, 9);
    const { predictedClass } = at(ids[1], 5);
    await page
      .getByRole('img', { name: `C: Map of ${predictedClass}, epoch 5 of ${runOf(ids[1]).name}` })
      .waitFor();
    const verdict = page.getByRole('region', { name: 'Predictions' }).getByRole('listitem').nth(1);
    await expect.poll(() => verdict.innerText()).toContain(at(ids[1], 5).confidence.toFixed(3));
    await page.getByText('C at 5').waitFor();
    await page.keyboard.press('ArrowRight');
    await expectEpoch(page, 10);
    await page
      .getByRole('img', { name: new RegExp(`epoch 10 of ${runOf(ids[1]).name}$`) })
      .waitFor();
    expect(page.url()).not.toContain('own=');
  });
});

describe.runIf(host === 'serve')('ways of looking', () => {
  const captions = (): Promise<string[]> => page.locator('.maps figcaption .value').allInnerTexts();

  it('read all maps at the pixel under the pointer, and with the keys', async () => {
    await visit(two);
    const input = page.getByRole('img', { name: 'The input image' });
    await input.hover({ position: { x: 116, y: 116 } });
    await expect.poll(async () => (await captions()).length).toBe(4);
    const [, a = 0, b = 0, difference = 0] = (await captions()).map((text) =>
      Number(text.replace('−', '-')),
    );
    expect(difference).toBeCloseTo(a - b, 1);
    await page.getByRole('group', { name: /^Maps;/ }).focus();
    await page.keyboard.press('ArrowRight');
    // 116 of 224 px is the pixel 14 of 28; the epoch has not moved.
    await page
      .getByRole('status')
      .filter({ hasText: /^Pixel 15, 14: Input / })
      .waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(captions).toEqual([]);
  });

  it('show the native map, each value a square', async () => {
    await visit(two);
    await page.getByRole('button', { name: 'Display' }).click();
    await page.getByLabel('Pixels').selectOption('Native map');
    await page.waitForURL(/smooth=native/);
    const sizes = await map(ids[0]).evaluate(({ width, height }: HTMLCanvasElement) => [
      width,
      height,
    ]);
    const native = 7;
    expect(sizes).toEqual([native, native]);
  });

  it('bring all maps to one scale, and the colour bar says what 1 is', async () => {
    await visit(two);
    const before = await pictureOf(map(ids[1]));
    await page.getByRole('button', { name: 'Display' }).click();
    await page.getByLabel('Scale').selectOption('Shared by all epochs and runs');
    await page.waitForURL(/scale=shared/);
    const bars = page.locator('.maps .color-bar').filter({ hasText: /1 = [\d.]+, shared/ });
    await expect.poll(() => bars.count()).toBe(2);
    expect(new Set(await bars.allInnerTexts()).size).toBe(1);
    await expect.poll(() => pictureOf(map(ids[1]))).not.toBe(before);
  });

  it('put three runs on one image, chosen from the tool bar', async () => {
    await visit(two);
    await page.getByRole('button', { name: 'Add a run' }).click();
    await page.getByRole('dialog', { name: 'Add a run' }).getByText(runOf(ids[2]).name).click();
    for (const id of ids) await map(id).waitFor();
    await expect.poll(() => page.locator('.film-strip').count()).toBe(3);
    await expect
      .poll(() => page.getByRole('img', { name: /^Difference of the maps/ }).count())
      .toBe(2);
    await page.getByRole('button', { name: `Remove ${runOf(ids[1]).name}` }).click();
    await map(ids[1]).waitFor({ state: 'detached' });
    await map(ids[2]).waitFor();
  });

  it('complain of nothing', () => {
    expect(made.complaints()).toEqual([]);
  });
});
