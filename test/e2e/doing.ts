/** What a user does with a page, in steps that several tests take. */
import type { Download, Locator, Page } from 'playwright-core';

/** Opens the form with these values and queues the run; settles on the page of the run. */
export async function queueRun(
  page: Page,
  name: string,
  settings: Readonly<Record<string, string | number>>,
): Promise<void> {
  const query = new URLSearchParams(
    Object.entries(settings).map(([key, value]) => [key, String(value)]),
  );
  await page.goto(new URL(`/new?${query.toString()}`, page.url()).href);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await page.getByRole('button', { name: 'Queue run' }).click();
  await page.waitForURL(/\/runs\/\w+$/);
}

const mostTabs = 120;

/** Goes on with Tab until the element has the focus, as somebody without a mouse does. */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor();
  const hasFocus = (): Promise<boolean> =>
    wanted.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < mostTabs; presses += 1) {
    if (await hasFocus()) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${wanted.toString()}.`);
}

/** Goes to an element with Tab and presses a key on it. */
export async function pressOn(page: Page, wanted: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, wanted);
  await page.keyboard.press(key);
}

/** Goes to a text field with Tab and types in place of what it holds. */
export async function typeInto(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(text);
}

/** Opens the command palette and takes the first line that answers the query. */
export async function command(page: Page, query: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  const first = page.getByRole('dialog').getByRole('option').first();
  await first.waitFor();
  await page.keyboard.type(query);
  await page.keyboard.press('Enter');
  await first.waitFor({ state: 'detached' });
}

/** Presses the last button of the dialog that asks as what runs shall leave; the file that comes. */
export async function takeExport(page: Page): Promise<Download> {
  const downloading = page.waitForEvent('download');
  const dialog = page.getByRole('dialog', { name: /^Export / });
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  return downloading;
}
