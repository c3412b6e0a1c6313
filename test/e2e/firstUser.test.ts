import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installLiveMeter, readLiveDelays } from '../support/liveMeter.ts';
import { host, openWorkbenchPage } from '../support/workbenchPage.ts';
import type { WorkbenchPage } from '../support/workbenchPage.ts';
import {
  disagreement,
  epochAxis,
  expectEpoch,
  expectMap,
  mapCanvas,
  picturesOfFailures,
  pictureOf,
  readToggle,
  runRow,
} from './looking.ts';
import { listExamples, readMapColors, readStatuses } from './stored.ts';

const trainingMs = 90_000;
const epochs = 3;
const names = { c: 'first C', r: 'first R' };

let workbench: WorkbenchPage;
let page: Page;
/** What is known once the path has come there. */
const found = { c: '', r: '', exampleId: 0 };
const runIdOf = (url: string): string => /\/runs\/(\w+)/.exec(url)?.[1] ?? '';

beforeAll(async () => {
  workbench = await openWorkbenchPage();
  ({ page } = workbench);
  await installLiveMeter(page);
  await page.reload();
});
afterAll(async () => {
  await workbench.close();
});
picturesOfFailures(() => page);

describe('a first-time user', () => {
  it('begins the paper’s experiment from the empty state, sees it run, and ends it', async () => {
    await page.getByText(/on this machine/).waitFor();
    await page.getByRole('button', { name: 'Run the paper’s experiment' }).click();
    await page.waitForURL(/\/runs\/\w+$/);
    await page.getByRole('progressbar', { name: 'Progress of the run' }).waitFor();
    await page.getByText(/images\/s/).waitFor();
    await page.getByRole('button', { name: /2 running/ }).waitFor();

    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Stop the run' }).click();
    await page.getByText('Stopped', { exact: true }).waitFor({ timeout: 20_000 });
    await page.getByRole('link', { name: 'Runs' }).first().click();
    await page.getByRole('button', { name: 'Actions for quick R' }).click();
    await page.getByRole('menuitem', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Stop the run' }).click();
    await page.getByRole('button', { name: 'Idle' }).waitFor({ timeout: 20_000 });

    await page.getByRole('link', { name: 'Studies' }).first().click();
    const studies = page.getByRole('list', { name: 'Studies' });
    await studies.getByRole('link', { name: /^quick/ }).click();
    await page.getByRole('heading', { name: 'quick', level: 2 }).waitFor();
    const cells = page.getByRole('table').getByRole('link', { name: /Stopped/ });
    await expect.poll(() => cells.count()).toBe(2);
    await page.getByRole('link', { name: 'Runs' }).first().click();
  });

  it('configures a small run of each paradigm, with an error explained at its field', async () => {
    await page.getByRole('link', { name: 'New run' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('first');
    const epochsField = page.getByRole('textbox', { name: 'Epochs', exact: true });
    await epochsField.fill('many');
    await page.getByText('“many” is not a number.').waitFor();
    await expect
      .poll(() => page.getByRole('button', { name: 'Queue run' }).isDisabled())
      .toBe(true);
    await epochsField.fill(String(epochs));
    await page.getByRole('textbox', { name: 'Training examples' }).fill('600');
    await page.getByRole('textbox', { name: 'Test examples' }).fill('100');
    const terms = page.getByRole('group', { name: 'Added terms' });
    await terms.getByRole('button', { name: 'another set' }).click();
    await terms
      .getByRole('checkbox', { name: 'Contrastive Grad-CAM loss', checked: true })
      .waitFor();
    await page.getByRole('button', { name: 'Queue 2 runs' }).click();
    await page.waitForURL(/\/studies\/\w+$/);
    await page.getByRole('table').getByText('Seed 1').waitFor();
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await runRow(page, names.c).waitFor();
    await runRow(page, names.r).waitFor();
  });

  it('sees the curves grow while it trains', async () => {
    await page.getByRole('link', { name: names.r }).click();
    await page.waitForURL(/\/runs\/\w+$/);
    found.r = runIdOf(page.url());
    const plot = page.getByRole('img', { name: /^Accuracy over Epoch/ });
    await plot.waitFor({ timeout: trainingMs });
    const pictures = new Set<string>();
    const look = async (): Promise<boolean> => {
      pictures.add(await pictureOf(plot.locator('canvas')));
      return page.getByText('Completed').isVisible();
    };
    await expect.poll(look, { timeout: trainingMs, interval: 100 }).toBe(true);
    await look();
    // The untrained model and every epoch.
    expect(pictures.size).toBeGreaterThan(epochs);
    await expect
      .poll(() => readStatuses(workbench.dataDir), { timeout: trainingMs })
      .toMatchObject({ [names.c]: 'completed', [names.r]: 'completed' });
  });

  it.runIf(host === 'serve')('sees each epoch when it comes', async () => {
    const delays = await readLiveDelays(page);
    // How soon is measured in bench/.
    expect(delays.length).toBeGreaterThanOrEqual(epochs);
  });

  it('opens the low-confidence misclassifications, and they follow the threshold', async () => {
    await page.getByRole('tab', { name: 'Examples' }).click();
    const wrongUnsure = page.getByRole('button', { name: 'Wrong, unsure' });
    await wrongUnsure.waitFor();
    await expect.poll(() => wrongUnsure.getAttribute('aria-pressed')).toBe('true');
    const count = (threshold: number): number =>
      listExamples(workbench.dataDir, found.r, ['misclassified', 'low-confidence'], threshold)
        .length;
    expect(new Set([0.3, 0.6, 0.9].map(count)).size).toBe(3);
    await expect.poll(() => readToggle(page, 'Wrong, unsure')).toBe(count(0.6));
    for (const threshold of [0.3, 0.9]) {
      await page.getByRole('slider', { name: 'Confidence threshold' }).fill(String(threshold));
      await expect.poll(() => readToggle(page, 'Wrong, unsure')).toBe(count(threshold));
      await page.getByText(`${count(threshold)} of 100 images`).waitFor();
    }
    await page.waitForURL(/threshold=0\.9/);
  });

  it('opens the first of them', async () => {
    const gallery = page.getByRole('listbox', { name: 'Examples' });
    await gallery.click({ position: { x: 40, y: 40 } });
    await page.waitForURL(/\/examples\/\d+/);
    found.exampleId = Number(/examples\/(\d+)/.exec(page.url())?.[1]);
    const filters = ['misclassified', 'low-confidence'] as const;
    const [least] = listExamples(workbench.dataDir, found.r, [...filters], 0.9);
    expect(found.exampleId).toBe(least?.exampleId);
    await mapCanvas(page, names.r).waitFor();
  });
});

describe('the scrubber', () => {
  let maps: number[][];

  it('goes from epoch 0 to the last by keys, showing the stored map of each', async () => {
    maps = readMapColors(workbench.dataDir, found.r, found.exampleId);
    expect(new Set(maps.map(String)).size).toBe(epochs + 1);
    await page.keyboard.press('Home');
    for (const [epoch, colors] of maps.entries()) {
      await expectEpoch(page, epoch);
      await expectMap(page, names.r, colors);
      await page.keyboard.press('ArrowRight');
    }
    await expectEpoch(page, epochs);
    await page.keyboard.press('ArrowLeft');
    await expectEpoch(page, epochs - 1);
    await page.keyboard.press('End');
    await expectEpoch(page, epochs);
  });

  it('plays from the start to the end', async () => {
    await page.keyboard.press('Space');
    await expectEpoch(page, 0);
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    await expectEpoch(page, epochs);
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await expectMap(page, names.r, maps[epochs] ?? []);
  });

  it('follows the mouse', async () => {
    const box = await epochAxis(page).boundingBox();
    if (box === null) throw new Error('The scrubber has no axis.');
    const cell = box.width / (epochs + 1);
    await page.mouse.move(box.x + cell / 2, box.y + 8);
    await page.mouse.down();
    for (const [epoch, colors] of maps.entries()) {
      await page.mouse.move(box.x + (epoch + 0.5) * cell, box.y + 8, { steps: 4 });
      await expectEpoch(page, epoch);
      await expectMap(page, names.r, colors);
    }
    // Beyond the end the last stays.
    await page.mouse.move(box.x + box.width + 200, box.y + 8);
    await expectEpoch(page, epochs);
    await page.mouse.up();
  });

  it('takes the other paradigm beside it, and both move together', async () => {
    await page.getByRole('button', { name: 'Add a run' }).click();
    await page.getByRole('dialog', { name: 'Add a run' }).getByText(names.c).click();
    await mapCanvas(page, names.c).waitFor();
    found.c = new URL(page.url()).searchParams.get('with') ?? '';
    const others = readMapColors(workbench.dataDir, found.c, found.exampleId);
    await page.getByRole('img', { name: 'Difference of the maps, R − C' }).waitFor();
    for (const epoch of [0, 2]) {
      await page.keyboard.press('Home');
      for (let i = 0; i < epoch; i += 1) await page.keyboard.press('ArrowRight');
      await expectMap(page, names.r, maps[epoch] ?? []);
      await expectMap(page, names.c, others[epoch] ?? []);
    }
  });

  it('explains any class, which is in its address', async () => {
    const choice = page.getByRole('combobox', { name: 'Map of' });
    const pictures = new Set<string>();
    for (let k = 0; k < 10; k += 1) {
      await choice.selectOption({ label: String(k) });
      await page.waitForURL(new RegExp(`class=${k}`));
      for (const name of [names.r, names.c]) {
        const map = page.getByRole('img', { name: new RegExp(`Map of ${k}, .* of ${name}$`) });
        await map.waitFor({ timeout: 20_000 });
        pictures.add(await pictureOf(map));
      }
    }
    expect(pictures.size).toBeGreaterThan(10);
    await choice.selectOption('predicted');
    await expectMap(page, names.r, maps[2] ?? []);
  });

  it('explains by another method, which is in its address, with both signs of what has them', async () => {
    const choice = page.getByRole('combobox', { name: 'Explained by' });
    await choice.selectOption({ label: 'Gradient × input' });
    await page.waitForURL(/by=gradient-x-input/);
    const map = page.getByRole('img', {
      name: new RegExp(`Gradient × input of \\d, epoch 2 of ${names.r}$`),
    });
    await map.waitFor();
    const first = await pictureOf(map);
    await expect.poll(() => pictureOf(map), { timeout: 20_000 }).not.toBe(first);
    await page.getByText('−1').first().waitFor();
    const recorded = page.getByText('Grad-CAM, as recorded');
    await recorded.waitFor();
    await choice.selectOption({ label: 'Grad-CAM' });
    await recorded.waitFor({ state: 'detached' });
    await expectMap(page, names.r, maps[2] ?? []);
  });

  it('shows what every quick method makes of it side by side, for both runs', async () => {
    await page.getByRole('radio', { name: 'Methods' }).check({ force: true });
    const strip = page.getByRole('region', { name: 'All methods, epoch 2: maps' });
    const ask = strip.getByRole('button', { name: /^Compute .*RISE/ });
    await expect.poll(() => strip.getByRole('img').count(), { timeout: 20_000 }).toBe(20);
    await expect.poll(() => ask.count()).toBe(2);
    await strip.getByRole('img', { name: 'R: LRP, epoch 2' }).waitFor();
    await page.getByRole('radio', { name: 'Off' }).check({ force: true });
    await strip.waitFor({ state: 'detached' });
  });

  it('is where it was after a reload, and Back takes the second run away', async () => {
    await page.waitForURL(/epoch=2/);
    const before = page.url();
    await page.reload();
    await expectEpoch(page, 2);
    await expectMap(page, names.r, maps[2] ?? []);
    await mapCanvas(page, names.c).waitFor();
    expect(page.url()).toBe(before);
    // Past the classes that were explained.
    const beside = mapCanvas(page, names.c);
    for (let i = 0; i < 20 && page.url().includes('with='); i += 1) await page.goBack();
    await beside.waitFor({ state: 'detached' });
    await mapCanvas(page, names.r).waitFor();
    await page.goForward();
    await beside.waitFor();
  });
});

describe('then the user', () => {
  it('compares the two runs', async () => {
    await page.getByRole('link', { name: 'Runs' }).first().click();
    for (const name of [names.c, names.r]) await page.getByLabel(`Select ${name}`).click();
    await page.getByRole('button', { name: 'Compare C' }).click();
    await page.getByRole('img', { name: /^Test accuracy over Epoch/ }).waitFor();
    await page.getByText('Metrics and settings').click();
    const settings = page.getByRole('region', { name: 'Settings that differ' });
    await settings.getByRole('row', { name: /^Added terms/ }).waitFor();
    // The heads, the terms, and the four settings of the one that only R has.
    await expect.poll(() => settings.getByRole('row').count()).toBe(6);
    await page.getByText('Examples', { exact: true }).click();
    await disagreement(page).waitFor();
    await disagreement(page).check({ force: true });
    await page.getByRole('listbox', { name: 'Examples' }).click({ position: { x: 40, y: 40 } });
    await page.waitForURL(/\/examples\/\d+\?.*agreement=only-[ab]/);
    await mapCanvas(page, names.c).waitFor();
    await mapCanvas(page, names.r).waitFor();
    await page.goBack();
    await disagreement(page).waitFor();
  });

  it('deletes a run and takes it back', async () => {
    await page.getByRole('link', { name: 'Runs' }).first().click();
    await page.getByRole('button', { name: `Actions for ${names.c}` }).click();
    await page.getByRole('menuitem', { name: 'Move to the bin' }).click();
    await runRow(page, names.c).waitFor({ state: 'detached' });
    expect(readStatuses(workbench.dataDir)).not.toHaveProperty([names.c]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await runRow(page, names.c).waitFor();
    expect(readStatuses(workbench.dataDir)).toHaveProperty([names.c], 'completed');
  });

  it('goes back to where they were', async () => {
    await page.goBack();
    await disagreement(page).waitFor();
    // Past the choice of a list, where one was made, to the part of the comparison before.
    for (let i = 0; i < 3 && page.url().includes('part=examples'); i += 1) await page.goBack();
    await page.getByRole('region', { name: 'Settings that differ' }).waitFor();
    await page.goForward();
    await disagreement(page).waitFor();
  });

  it('has seen no error', () => {
    expect(workbench.complaints).toEqual([]);
  });
});
