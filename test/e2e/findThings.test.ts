import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureRenderer } from '../../scripts/builds.ts';
import { launchBrowser } from '../support/browser.ts';
import { openShot } from '../support/shots.ts';
import type { OpenShot } from '../support/shots.ts';
import { host } from '../support/workbenchPage.ts';

/** How runs, keys and actions are found, with made-up runs; in Electron the pages are the same. */
const rendererDir = join(import.meta.dirname, '../../out/renderer');
const look = { width: 1280, height: 800, theme: 'light', rendererDir } as const;
let browser: Browser;

beforeAll(async () => {
  await ensureRenderer();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
});

const open = (path: string): Promise<OpenShot> => openShot(browser, { name: path, path }, look);

/** What the palette says to a query, with the group of each line. */
async function ask(page: Page, query: string): Promise<string[]> {
  const palette = page.getByRole('dialog', { name: 'Search and commands' });
  if (!(await palette.isVisible())) await page.keyboard.press('ControlOrMeta+k');
  await palette.getByRole('combobox').fill(query);
  return palette.getByRole('option').allInnerTexts();
}

describe.runIf(host === 'serve')('the palette', () => {
  it('has runs before settings, and shortcuts by what they do', async () => {
    const { page, close } = await open('/');
    await ask(page, '');
    await expect
      .poll(() => page.locator('dialog .group').allInnerTexts())
      .toEqual(['Runs', 'Actions', 'Go to']);
    await expect.poll(() => ask(page, 'take back')).toEqual([expect.stringContaining('Ctrl Z')]);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await close();
  });

  it('offers an image only where a run has it', async () => {
    const { page, close } = await open('/runs/run-0013');
    const dialog = page.getByRole('dialog', { name: 'Search and commands' });
    await ask(page, '13');
    await dialog.getByRole('option', { name: /^Example 13/ }).waitFor();
    await ask(page, '987654');
    await page.waitForTimeout(600);
    expect(await dialog.getByRole('option', { name: /^Example/ }).count()).toBe(0);
    await close();
  });

  it('leaves ? to text fields and else shows the shortcuts', async () => {
    const { page, close } = await open('/');
    const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await page.getByRole('searchbox').first().focus();
    await page.keyboard.press('?');
    await expect.poll(() => list.count()).toBe(0);
    await page.getByRole('grid').focus();
    await page.keyboard.press('?');
    await list.waitFor();
    await expect.poll(() => list.innerText()).toContain('Previous and next example');
    await close();
  });
});

describe.runIf(host === 'serve')('a run', () => {
  it('is renamed, tagged and linked to from its menu', async () => {
    const { page, close } = await open('/');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const choose = async (name: string, action: string): Promise<void> => {
      await page
        .getByRole('button', { name: `Actions for ${name}` })
        .first()
        .click();
      await page.getByRole('menuitem', { name: action }).click();
    };
    await choose('mnist-c seed 5', 'Rename');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('שם ארוך 3');
    await page.keyboard.press('Enter');
    const row = page.getByRole('row').filter({ hasText: 'שם ארוך 3' });
    await row.waitFor();
    // A right-to-left name reads from the right of its place.
    const direction = await row
      .getByRole('link')
      .locator('[dir]')
      .evaluate((element) => getComputedStyle(element).direction);
    expect(direction).toBe('rtl');

    await choose('mnist-r seed 5', 'Tags');
    await page.getByRole('dialog').getByRole('combobox').fill('odd');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('row').filter({ hasText: 'mnist-r seed 5' }).getByText('odd').waitFor();

    await choose('mnist-r seed 5', 'Copy link');
    await page.getByText('Copied the link').waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    await page.goto(link);
    await page.getByRole('textbox', { name: 'Name of the run' }).waitFor();
    await expect
      .poll(() => page.getByRole('textbox', { name: 'Name of the run' }).inputValue())
      .toBe('mnist-r seed 5');
    await close();
  });

  it('leads to its twin of the other paradigm and back', async () => {
    const { page, close } = await open('/runs/run-0013');
    const name = page.getByRole('textbox', { name: 'Name of the run' });
    await expect.poll(() => name.inputValue()).toBe('mnist-r seed 5');
    const twin = page.getByTitle('Same settings and seed, other paradigm').getByRole('link');
    await expect.poll(() => twin.innerText()).toBe('mnist-c seed 5');
    await twin.click();
    await expect.poll(() => name.inputValue()).toBe('mnist-c seed 5');
    await expect.poll(() => twin.innerText()).toBe('mnist-r seed 5');
    await close();
  });

  it('counts its epochs in one way', async () => {
    const { page, close } = await open('/runs/run-0013');
    await page
      .getByText(/Epoch \d+ of \d+/)
      .first()
      .waitFor();
    const text = await page.getByRole('main').innerText();
    const [, last] = /Epoch \d+ of (\d+)/.exec(text) ?? [];
    expect(Number(last)).toBeGreaterThan(1);
    expect(text).toContain(`${last} epochs`);
    expect(text).not.toMatch(/Epoch \d+ \//);
    await close();
  });
});

describe.runIf(host === 'serve')('an image', () => {
  it('is tagged once for every run, and found by its tag', async () => {
    const { page, complaints, close } = await open('/runs/run-0013/examples/13');
    await page.getByRole('button', { name: 'Tag', exact: true }).click();
    const panel = page.getByRole('dialog', { name: 'Tags and note' });
    await panel.getByRole('combobox').fill('four or nine');
    await page.keyboard.press('Enter');
    await panel.getByRole('textbox', { name: 'Note on the image' }).fill('look again');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'four or nine', exact: true }).waitFor();
    // Of another run on the same data set, with every kind of prediction shown.
    const all = 'wrong-unsure,wrong-sure,right-unsure,right-sure';
    await page.goto(new URL(`/runs/run-0014?tab=examples&show=${all}`, page.url()).href);
    await page.getByRole('combobox', { name: 'Tag' }).selectOption('four or nine');
    await page.getByText('1 of 1,000 images').waitFor();
    const said = 'tagged four or nine · note: look again';
    await page.getByTitle(said, { exact: true }).waitFor();
    const tiles = page.getByRole('listbox', { name: 'Examples' });
    await expect
      .poll(() => tiles.getByRole('option', { selected: true }).innerText())
      .toContain(said);
    await page.getByRole('combobox', { name: 'Tag' }).selectOption('');
    await page.getByText('1,000 of 1,000 images').waitFor();
    await expect.poll(() => page.locator('.scroller .mark').count()).toBeLessThan(2);
    await page.getByRole('combobox', { name: 'Tag' }).selectOption('four or nine');
    await page.getByText('1 of 1,000 images').waitFor();
    await page.getByRole('listbox', { name: 'Examples' }).press('Enter');
    await page.waitForURL(/\/runs\/run-0014\/examples\/13\?/);
    await page.getByText('1 / 1', { exact: true }).waitFor();
    expect(complaints()).toEqual([]);
    await close();
  });

  it('keeps every word of a hand that does not wait for answers', async () => {
    const { page, complaints, close } = await open('/runs/run-0013');
    const adding = 'input[aria-label^="Add to tags"]';
    /** Words and a note in one go: no answer comes in between. */
    const write = (words: string[], note: string | null) =>
      page.evaluate(
        ([texts, said, addTo]) => {
          const fieldOf = (selector: string) => {
            const field = document.querySelector<HTMLInputElement>(selector);
            if (field === null) throw new Error(`There is no ${selector}.`);
            return field;
          };
          const tags = fieldOf(addTo);
          for (const text of texts) {
            tags.value = text;
            tags.dispatchEvent(new Event('input'));
            tags.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
          }
          if (said === null) return;
          const area = fieldOf('textarea[aria-label="Note on the image"]');
          area.value = said;
          area.dispatchEvent(new Event('change'));
        },
        [words, note, adding] as const,
      );
    const tags = page.locator('.tag.chip');
    await page.locator(adding).waitFor();
    const given = await tags.allInnerTexts();
    await write(['hasty', 'again'], null);
    await expect.poll(() => tags.allInnerTexts()).toEqual(['again', 'hasty', ...given].toSorted());

    await page.goto(new URL('/runs/run-0013/examples/17', page.url()).href);
    await page.getByRole('button', { name: 'Tag', exact: true }).click();
    const panel = page.getByRole('dialog', { name: 'Tags and note' });
    await panel.getByRole('combobox').waitFor();
    await write(['odd', 'thin'], 'look again');
    await expect.poll(() => panel.locator('.tag.chip').allInnerTexts()).toEqual(['odd', 'thin']);
    await page.reload();
    await page.getByRole('button', { name: 'odd, thin', exact: true }).click();
    const note = panel.getByRole('textbox', { name: 'Note on the image' });
    await expect.poll(() => note.inputValue()).toBe('look again');
    // Closing its window with the key is leaving the field.
    await note.fill('a seven');
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'odd, thin', exact: true }).click();
    await expect.poll(() => note.inputValue()).toBe('a seven');
    expect(complaints()).toEqual([]);
    await close();
  });

  it('stands in tiles of the size that was chosen last', async () => {
    const { page, close } = await open('/runs/run-0013?tab=examples');
    const heightOf = async (): Promise<number> =>
      (
        await page
          .getByRole('listbox', { name: 'Examples' })
          .locator('canvas')
          .first()
          .boundingBox()
      )?.height ?? 0;
    const before = await heightOf();
    await page.getByRole('slider', { name: 'Tile size' }).press('End');
    await expect.poll(heightOf).toBe(before + 224 - 84);
    await page.reload();
    await expect.poll(heightOf).toBe(before + 224 - 84);
    await close();
  });
});
