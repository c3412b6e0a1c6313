/** From a gallery's tile to its example and back, and the tile that plays where it is. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { host } from '../support/workbenchPage.ts';
import { picturesOfFailures, pictureOf } from './looking.ts';
import { openMadeUpPage, runOf } from './madeUp.ts';
import type { MadeUpPage } from './madeUp.ts';

const [r, c] = ['run-0013', 'run-0014'] as const;
const gallery = `/runs/${r}?tab=examples&show=right-sure,right-unsure,wrong-sure,wrong-unsure`;
const comparison = `/compare?runs=${c},${r}&part=examples`;

let made: MadeUpPage;
let page: Page;

beforeAll(async () => {
  if (host !== 'serve') return;
  made = await openMadeUpPage(gallery);
  ({ page } = made);
}, 120_000);
afterAll(async () => {
  if (host === 'serve') await made.close();
});
picturesOfFailures(() => page);

const tiles = (): Locator => page.getByRole('listbox', { name: 'Examples' });
const visit = async (path: string): Promise<void> => {
  await page.goto(new URL(path, page.url()).href);
  await tiles().waitFor();
};
const exampleOf = (url: string): number => Number(/examples\/(\d+)/.exec(url)?.[1]);

/** Opens the tile at an index with the keys; returns its example. */
async function openTile(index: number): Promise<number> {
  await tiles().focus();
  for (let i = 0; i < index; i += 1) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/examples\/\d+/);
  return exampleOf(page.url());
}

/** Waits until the focus is on the list, and the frame on an example's tile. */
async function expectReturned(exampleId: number): Promise<void> {
  await page.locator('.ring.marked').waitFor();
  await expect
    .poll(() => tiles().evaluate((element) => element === document.activeElement))
    .toBe(true);
  const option = tiles().getByRole('option', { selected: true });
  await expect.poll(() => option.innerText()).toContain(`Example ${exampleId} ·`);
}

describe.runIf(host === 'serve')('a tile', () => {
  it('is where one comes back to from its example, by the link and by the browser', async () => {
    await visit(gallery);
    const first = await openTile(5);
    await page.getByRole('link', { name: 'Gallery' }).click();
    await expectReturned(first);
    await page.keyboard.press('ArrowRight');
    await page.locator('.ring.marked').waitFor({ state: 'detached' });

    await page.keyboard.press('Enter');
    await page.waitForURL(/\/examples\/\d+/);
    const second = exampleOf(page.url());
    expect(second).not.toBe(first);
    await page.goBack();
    await expectReturned(second);
  });

  it('takes the threshold of its gallery along', async () => {
    await visit(`${gallery}&threshold=0.65`);
    await openTile(0);
    await page.getByText('threshold 0.65').waitFor();
  });

  it('of a comparison opens what it showed, each run at its own epoch, and is come back to', async () => {
    await visit(comparison);
    await page
      .getByRole('radio', { name: /^Only .+ right [1-9]/ })
      .first()
      .check({ force: true });
    const exampleId = await openTile(1);
    for (const id of [c, r]) {
      const { name, bestEpoch } = runOf(id);
      await page
        .getByRole('img', { name: new RegExp(`, epoch ${bestEpoch} of ${name}$`) })
        .waitFor();
    }
    expect(runOf(c).bestEpoch).not.toBe(runOf(r).bestEpoch);
    await page.getByRole('link', { name: 'Gallery' }).click();
    await expectReturned(exampleId);
  });
});

describe.runIf(host === 'serve')('a tile that one stays on', () => {
  const film = (): Locator => page.locator('.player canvas').first();

  it('plays its map over the epochs, under the pointer and by the keys', async () => {
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await visit(gallery);
    await tiles().hover({ position: { x: 40, y: 40 } });
    await film().waitFor();
    const shown = await pictureOf(film());
    await expect.poll(() => pictureOf(film())).not.toBe(shown);
    await page.mouse.move(5, 5);
    await film().waitFor({ state: 'detached' });

    await tiles().focus();
    await page.keyboard.press('ArrowRight');
    await film().waitFor();
  });

  it('stays as it is for those who want no motion', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await visit(gallery);
    await tiles().hover({ position: { x: 40, y: 40 } });
    await page.waitForTimeout(800);
    expect(await film().count()).toBe(0);
    expect(made.complaints()).toEqual([]);
  });
});
