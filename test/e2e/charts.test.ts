import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorkbenchPage } from '../support/workbenchPage.ts';
import type { WorkbenchPage } from '../support/workbenchPage.ts';
import { queueRun } from './doing.ts';
import { pictureOf, picturesOfFailures } from './looking.ts';

let workbench: WorkbenchPage;
let page: Page;

beforeAll(async () => {
  workbench = await openWorkbenchPage();
  ({ page } = workbench);
});
afterAll(async () => {
  await workbench.close();
});
picturesOfFailures(() => page);

const plot = (title: string): Locator =>
  page.getByRole('figure').filter({ has: page.getByRole('heading', { name: title }) });
const drawing = (title: string): Locator => plot(title).getByRole('img').first();
const draw = (title: string): Promise<string> => pictureOf(drawing(title).locator('canvas'));

/** Waits until a plot is drawn otherwise than it was. */
async function expectRedrawn(title: string, before: string): Promise<void> {
  await expect.poll(async () => (await draw(title)) === before).toBe(false);
}

it('shows the losses of the steps while an epoch goes on', async () => {
  await queueRun(page, 'in sight', { trainExamples: 800, testExamples: 60, epochs: 3 });
  await plot('Loss by term')
    .getByRole('button', { name: /^Epoch \d by step [\d.]+$/ })
    .waitFor({ timeout: 120_000 });
  await page.getByText('Completed', { exact: true }).waitFor({ timeout: 180_000 });
  const steps = plot('Loss by term').getByRole('button', { name: /by step/ });
  await expect.poll(() => steps.count()).toBe(0);
});

it('zooms into a range that is dragged over, and shows all again', async () => {
  const whole = await draw('Accuracy');
  const box = await drawing('Accuracy').boundingBox();
  if (box === null) throw new Error('The plot is not there.');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.5, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.8, y, { steps: 5 });
  await page.mouse.up();
  await expectRedrawn('Accuracy', whole);
  // Dragging chose a range and no epoch.
  expect(new URL(page.url()).searchParams.get('epoch')).toBeNull();
  const zoomed = await draw('Accuracy');
  await plot('Accuracy').getByRole('button', { name: 'Show all' }).waitFor();
  await page.mouse.dblclick(box.x + box.width * 0.5, y);
  await expectRedrawn('Accuracy', zoomed);
  await expect
    .poll(() => plot('Accuracy').getByRole('button', { name: 'Show all' }).count())
    .toBe(0);
});

it('zooms by keys, and by Escape shows all', async () => {
  const all = () => plot('Accuracy').getByRole('button', { name: 'Show all' });
  await drawing('Accuracy').focus();
  await page.keyboard.press('+');
  await all().waitFor();
  await page.keyboard.press('Escape');
  await all().waitFor({ state: 'detached' });
});

it('hides a series, and shows it again', async () => {
  const title = 'Errors on the test images';
  const before = await draw(title);
  const series = plot(title).getByRole('button', { pressed: true }).first();
  const name = (await series.innerText()).split('\n')[0] ?? '';
  const named = plot(title).locator('button.series', { hasText: name });
  await named.click();
  await expect.poll(() => named.getAttribute('aria-pressed')).toBe('false');
  await expectRedrawn(title, before);
  const without = await draw(title);
  await named.click();
  await expectRedrawn(title, without);
});

it('is enlarged in a window of its own', async () => {
  const small = await drawing('Accuracy').boundingBox();
  await plot('Accuracy').getByRole('button', { name: 'Enlarge Accuracy' }).click();
  const large = page.getByRole('dialog', { name: 'Accuracy' }).getByRole('img');
  await large.locator('canvas').waitFor();
  await expect
    .poll(async () => (await large.boundingBox())?.width)
    .toBeGreaterThan(1.5 * (small?.width ?? 0));
  await page.keyboard.press('Escape');
  await large.waitFor({ state: 'detached' });
});

it('tells what of the untrained model lies outside a plot', async () => {
  const hint = plot('Accuracy').getByRole('button', { name: /^epoch 0/ });
  await expect
    .poll(() => hint.getAttribute('title'))
    .toMatch(/^Outside the plot: .*Test \d+\.\d+% \(below\)/);
  await hint.click();
  await expect.poll(() => hint.getAttribute('title')).not.toContain('Outside');
  expect(workbench.complaints).toEqual([]);
});
