import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureRenderer } from '../../scripts/builds.ts';
import { launchBrowser } from '../support/browser.ts';
import { openShot, shots } from '../support/shots.ts';
import { host } from '../support/workbenchPage.ts';
import { sidewaysScroll } from './looking.ts';

const rendererDir = join(import.meta.dirname, '../../out/renderer');
let browser: Browser;

beforeAll(async () => {
  await ensureRenderer();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
});

/** A drawing is one image to a reader, by its name; to axe it would be thousands of cells. */
function emptyDrawings(): void {
  for (const cell of document.querySelectorAll('svg[role="img"] > :not(title)')) cell.remove();
}

/** What another theme can break. */
const rulesOfColour = ['color-contrast', 'link-in-text-block'];

/** What axe calls serious or critical on a page: rule, elements and why, one line each. */
async function findSerious(page: Page, rules?: string[]): Promise<string[]> {
  await page.evaluate(emptyDrawings);
  const options: axe.RunOptions = { resultTypes: ['violations'], ...(rules && { runOnly: rules }) };
  const { violations } = await page.evaluate(
    (chosen) => (globalThis as unknown as { axe: typeof axe }).axe.run(document, chosen),
    options,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    );
}

/** Notes on the page what moves from one value of a property to another, not merely later. */
function noteTransitions(): void {
  const { dataset } = document.documentElement;
  dataset['transitions'] = '';
  document.addEventListener('transitionrun', ({ propertyName, target }) => {
    const element = target as Element;
    const durations = getComputedStyle(element).transitionDuration.split(',');
    if (durations.every((duration) => parseFloat(duration) === 0)) return;
    dataset['transitions'] +=
      `${propertyName} of ${element.localName}.${element.classList.value}; `;
  });
}

// Made-up runs in every state; the pages are the same in Electron. Each waits most of its time.
describe.runIf(host === 'serve').concurrent('in both themes', () => {
  // Of several at once each has an `expect` of its own.
  it.for(shots)('axe finds nothing serious: $name', async (shot, { expect }) => {
    const look = { width: 1280, height: 800, theme: 'light', rendererDir } as const;
    const { page, complaints, close } = await openShot(browser, shot, look);
    await page.evaluate(axe.source);
    expect(await findSerious(page)).toEqual([]);
    await page.evaluate(noteTransitions);
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'dark' });
    await page.locator('html[data-theme=dark]').waitFor();
    await expect.poll(() => findSerious(page, rulesOfColour)).toEqual([]);
    await expect.poll(() => sidewaysScroll(page)).toBe(0);
    // In a transition of no length each element waits for its parent: a figure takes seconds.
    expect(await page.locator('html').getAttribute('data-transitions')).toBe('');
    expect(complaints()).toEqual([]);
    await close();
  });
});

describe.runIf(host === 'serve')('the check itself', () => {
  it('finds what is wrong', async () => {
    const page = await browser.newPage();
    await page.setContent('<main><button></button><p style="color:#ccc">faint</p></main>');
    await page.evaluate(axe.source);
    const found = await findSerious(page);
    expect(found.some((line) => line.startsWith('button-name'))).toBe(true);
    expect(found.some((line) => line.startsWith('color-contrast'))).toBe(true);
    const ofColour = found.filter((line) => line.startsWith('color-contrast'));
    expect(await findSerious(page, rulesOfColour)).toEqual(ofColour);
    await page.close();
  });
});
