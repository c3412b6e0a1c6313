import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorkbenchPage } from '../support/workbenchPage.ts';
import type { WorkbenchPage } from '../support/workbenchPage.ts';
import { command, pressOn, tabTo, typeInto } from './doing.ts';
import {
  disagreement,
  epochAxis,
  expectEpoch,
  expectMap,
  mapCanvas,
  picturesOfFailures,
  readToggle,
  runRow,
} from './looking.ts';
import { listExamples, readMapColors, readStatuses } from './stored.ts';

const trainingMs = 90_000;
const epochs = 2;
const names = { c: 'keys C', r: 'keys R' };

let workbench: WorkbenchPage;
let page: Page;
const found = { r: '', exampleId: 0 };
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};

beforeAll(async () => {
  workbench = await openWorkbenchPage();
  ({ page } = workbench);
});
afterAll(async () => {
  await workbench.close();
});
picturesOfFailures(() => page);

/** The table of runs with the focus, its active row the one of a run. */
async function goToRow(name: string): Promise<void> {
  const grid = page.getByRole('grid', { name: 'Runs' });
  await tabTo(page, grid);
  await press('Home');
  const active = async (): Promise<string> => {
    const id = await grid.getAttribute('aria-activedescendant');
    return page.locator(`[id="${id ?? ''}"]`).innerText();
  };
  for (let row = 0; row < 10 && !(await active()).includes(name); row += 1) {
    await press('ArrowDown');
  }
  await expect.poll(() => active()).toContain(name);
}

/** Goes along a group of radio buttons from the one that has the focus. */
async function pressUntilChecked(wanted: Locator): Promise<void> {
  for (let steps = 0; steps < 6 && !(await wanted.isChecked()); steps += 1) {
    await press('ArrowRight');
  }
  await expect.poll(() => wanted.isChecked()).toBe(true);
}

it('begins the paper’s experiment and ends it', async () => {
  await pressOn(page, page.getByRole('button', { name: 'Run the paper’s experiment' }));
  await page.waitForURL(/\/runs\/\w+$/);
  for (const name of ['quick C', 'quick R']) {
    await command(page, name);
    await pressOn(page, page.getByRole('button', { name: 'Stop', exact: true }));
    await pressOn(page, page.getByRole('button', { name: 'Stop the run' }));
    await page
      .getByRole('main')
      .getByText('Stopped', { exact: true })
      .waitFor({ timeout: trainingMs });
  }
});

it('configures and queues a run of each paradigm', async () => {
  await command(page, 'new run');
  await page.waitForURL(/\/new$/);
  await typeInto(page, page.getByRole('textbox', { name: 'Name', exact: true }), 'keys');
  await typeInto(page, page.getByRole('textbox', { name: 'Training examples' }), '600');
  await typeInto(page, page.getByRole('textbox', { name: 'Test examples' }), '100');
  const terms = page.getByRole('group', { name: 'Added terms' });
  await pressOn(page, terms.getByRole('button', { name: 'another set' }), 'Space');
  for (const times of [1, 2]) {
    const triplet = terms.getByRole('checkbox', { name: 'Triplet Grad-CAM loss' });
    await pressOn(page, triplet, 'Space');
    await expect.poll(() => triplet.isChecked()).toBe(times === 1);
  }
  await typeInto(page, page.getByRole('textbox', { name: 'Epochs', exact: true }), String(epochs));
  await pressOn(page, page.getByRole('button', { name: 'Queue 2 runs' }));
  await page.waitForURL(/\/studies\/\w+$/);
  await pressOn(page, page.getByRole('link', { name: 'Runs', exact: true }));
  await runRow(page, names.r).waitFor();
  await expect
    .poll(() => readStatuses(workbench.dataDir), { timeout: trainingMs })
    .toMatchObject({ [names.c]: 'completed', [names.r]: 'completed' });
});

it('opens the unsure mistakes of a run and moves the threshold', async () => {
  await goToRow(names.r);
  await press('Enter');
  await page.waitForURL(/\/runs\/\w+$/);
  found.r = /runs\/(\w+)/.exec(page.url())?.[1] ?? '';
  await tabTo(page, page.getByRole('tab', { name: 'Overview' }));
  await press('ArrowRight', 'ArrowRight');
  await tabTo(page, page.getByRole('slider', { name: 'Confidence threshold' }));
  await press('End');
  for (let steps = 0; steps < 5; steps += 1) await press('ArrowLeft');
  const filters = ['misclassified', 'low-confidence'] as const;
  const [least, ...others] = listExamples(workbench.dataDir, found.r, [...filters], 0.95);
  await expect.poll(() => readToggle(page, 'Wrong, unsure')).toBe(others.length + 1);
  await pressOn(page, page.getByRole('listbox', { name: 'Examples' }));
  await page.waitForURL(/\/examples\/\d+/);
  found.exampleId = Number(/examples\/(\d+)/.exec(page.url())?.[1]);
  expect(found.exampleId).toBe(least?.exampleId);
});

it('scrubs, plays, and takes the other paradigm beside', async () => {
  const maps = readMapColors(workbench.dataDir, found.r, found.exampleId);
  await mapCanvas(page, names.r).waitFor();
  await press('Home');
  for (const [epoch, colors] of maps.entries()) {
    await expectEpoch(page, epoch);
    await expectMap(page, names.r, colors);
    await press('ArrowRight');
  }
  await tabTo(page, epochAxis(page));
  await press('Home');
  await expectEpoch(page, 0);
  await press('Space');
  await expectEpoch(page, epochs);

  await pressOn(page, page.getByRole('button', { name: 'Add a run' }));
  await page.keyboard.type(names.c);
  await press('Enter');
  await mapCanvas(page, names.c).waitFor();
});

it('goes to the next example of the list', async () => {
  await expect.poll(() => page.getByText(/^1 \/ \d+$/).count()).toBe(1);
  await press('j');
  await page.waitForURL((url) => !url.pathname.endsWith(`/${found.exampleId}`));
  await press('k');
  await page.waitForURL((url) => url.pathname.endsWith(`/${found.exampleId}`));
});

it('compares the two and opens an example on which they disagree', async () => {
  await command(page, 'runs');
  for (const name of [names.c, names.r]) {
    await goToRow(name);
    await press('Space');
  }
  await press('c');
  await page.getByRole('img', { name: /^Test accuracy over Epoch/ }).waitFor();
  await tabTo(page, page.getByRole('radio', { name: 'Curves' }));
  await pressUntilChecked(page.getByRole('radio', { name: 'Examples' }));
  await disagreement(page).waitFor();
  await tabTo(page, page.getByRole('radio', { checked: true, name: / [\d,]+$/ }));
  await pressUntilChecked(disagreement(page));
  await pressOn(page, page.getByRole('listbox', { name: 'Examples' }));
  await page.waitForURL(/\/examples\/\d+\?.*agreement=only-[ab]/);
  await mapCanvas(page, names.r).waitFor();
});

it('opens a run’s menu, deletes the run and takes it back', async () => {
  await command(page, 'runs');
  await goToRow(names.c);
  await press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Open' }).waitFor();
  await press('Escape');
  // Where it was: the row is still the one that keys mean.
  await press('Delete');
  await runRow(page, names.c).waitFor({ state: 'detached' });
  await press('ControlOrMeta+z');
  await runRow(page, names.c).waitFor();
  expect(readStatuses(workbench.dataDir)).toHaveProperty([names.c], 'completed');
});

it('has seen no error', () => {
  expect(workbench.complaints).toEqual([]);
});
