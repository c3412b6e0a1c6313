import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { host } from '../support/workbenchPage.ts';
import { pressOn, tabTo, typeInto } from './doing.ts';
import { picturesOfFailures, runRow } from './looking.ts';
import { openMadeUpPage, type MadeUpPage } from './madeUp.ts';

/** Over made-up runs, of which some are missing in a study; the page is the same in Electron. */
describe.runIf(host === 'serve')('studies', () => {
  let opened: MadeUpPage;
  const page = () => opened.page;
  const frontier = 'The frontier of accuracy and fidelity';
  const goTo = (path: string) => page().goto(new URL(path, page().url()).href);
  const heading = (name: string) => page().getByRole('heading', { level: 2, name, exact: true });

  beforeAll(async () => {
    opened = await openMadeUpPage('/');
  }, 120_000);
  afterAll(async () => {
    expect(opened.complaints()).toEqual([]);
    await opened.close();
  });
  picturesOfFailures(page);

  it('are found by keys, with their question as Markdown and every planned run', async () => {
    await pressOn(page(), page().getByRole('link', { name: 'Studies', exact: true }));
    await pressOn(page(), page().getByRole('link', { name: frontier }));
    await heading(frontier).waitFor();
    await expect.poll(() => page().locator('.markdown strong').innerText()).toBe('accuracy');
    const table = page().getByRole('table');
    await expect
      .poll(() => table.getByRole('columnheader').allInnerTexts())
      .toEqual(['Configuration', ...[1, 2, 3, 4, 5, 6].map((seed) => `Seed ${seed}`)]);
    await expect.poll(() => table.getByText('Planned', { exact: true }).count()).toBe(9);
    const cells = await table.getByRole('row').nth(1).getByRole('link').allInnerTexts();
    expect(cells.every((text) => /Completed[^]*\d\d\.\d\d%/.test(text))).toBe(true);
  });

  it('lead to their runs beside each other', async () => {
    await page().getByRole('link', { name: 'Compare', exact: true }).last().click();
    await page().waitForURL(/compare\?runs=run-\d+,/);
    await page().goBack();
    await heading(frontier).waitFor();
  });

  it('train what is missing', async () => {
    await pressOn(page(), page().getByRole('button', { name: 'Train 9 runs' }));
    await page().getByText('Queued 9 runs').waitFor();
    await expect.poll(() => page().getByRole('table').getByText('Planned').count()).toBe(0);
    await page()
      .getByText(/10 queued/)
      .waitFor();
    const trains = page().getByRole('button', { name: /^Train/ });
    await expect.poll(() => trains.count()).toBe(0);
  });

  it('are called and ask otherwise', async () => {
    await pressOn(page(), page().getByRole('button', { name: 'Actions for the study' }));
    await page().getByRole('menuitem', { name: 'Name and question' }).click();
    await typeInto(page(), page().getByRole('textbox', { name: 'Name' }), 'mnist-c');
    await page().keyboard.press('Enter');
    await page().getByRole('alert').getByText('There is a study mnist-c already.').waitFor();
    await typeInto(page(), page().getByRole('textbox', { name: 'Name' }), 'The frontier');
    await typeInto(page(), page().getByRole('textbox', { name: 'Question' }), 'How *much*?');
    await pressOn(page(), page().getByRole('button', { name: 'Save' }));
    await heading('The frontier').waitFor();
    await expect.poll(() => page().locator('.markdown em').innerText()).toBe('much');
  });

  it('are what New run makes of several values', async () => {
    await goTo('/new?preset=mnist-r&contrastive.weight=0.1,1&seeds=1,2&name=weights');
    await page().getByRole('textbox', { name: 'Study' }).fill('Weights');
    await page().getByRole('textbox', { name: 'Question' }).fill('Which weight?');
    await page().getByRole('button', { name: 'Queue 4 runs' }).click();
    await heading('Weights').waitFor();
    await page().getByText('Which weight?').waitFor();
    const rows = page().getByRole('table').getByRole('rowheader');
    await expect
      .poll(() => rows.allInnerTexts())
      .toEqual(['contrastive.weight 0.1', 'contrastive.weight 1']);
    await page().goBack();
    await page().getByRole('button', { name: 'Queue 4 runs' }).click();
    await page().getByText('There is a study Weights already.').waitFor();
  });

  it('are made of selected runs, and deleted without them', async () => {
    await goTo('/');
    await runRow(page(), 'fashion-c seed 3').waitFor();
    for (const name of ['fashion-c seed 3', 'fashion-r seed 4']) {
      await runRow(page(), name).getByRole('checkbox').check();
    }
    await page().getByRole('button', { name: 'Make a study' }).click();
    await page().getByRole('textbox', { name: 'Name' }).fill('Two');
    await page().getByRole('button', { name: 'Make the study' }).click();
    await heading('Two').waitFor();
    await page().getByText('2 done').waitFor();
    await page().getByRole('button', { name: 'Actions for the study' }).click();
    await page().getByRole('menuitem', { name: 'Delete the study' }).click();
    await page().getByText('Its 2 runs stay.').waitFor();
    await page().getByRole('button', { name: 'Delete the study' }).click();
    await page().waitForURL(/\/studies$/);
    await page().getByRole('link', { name: 'Weights' }).waitFor();
    await expect.poll(() => page().getByRole('link', { name: 'Two', exact: true }).count()).toBe(0);
    await goTo('/studies/study-99');
    await page().getByText('There is no such study').waitFor();
    await tabTo(page(), page().getByRole('link', { name: 'All studies' }));
  });

  it('are kept as a plan by New run, which trains nothing until that is asked for', async () => {
    await goTo('/new?preset=mnist-r&contrastive.weight=0.1,1&seeds=1,2&name=later');
    await pressOn(page(), page().getByRole('button', { name: 'Keep as a plan' }));
    await heading('later').waitFor();
    await page().getByText('4 planned').waitFor();
    const cells = page().getByRole('table').getByText('Planned', { exact: true });
    expect(await cells.count()).toBe(4);
    expect(await page().getByRole('table').getByRole('link').count()).toBe(0);
    await pressOn(page(), page().getByRole('button', { name: 'Train 4 runs' }));
    await page().getByText('Queued 4 runs').waitFor();
    await expect.poll(() => cells.count()).toBe(0);
    await goTo('/new?preset=mnist-r&contrastive.weight=0.1,1&name=later');
    await page().getByRole('button', { name: 'Keep as a plan' }).click();
    await page().getByText('There is a study later already.').waitFor();
    await goTo('/new?preset=mnist-r');
    await page().getByRole('button', { name: 'Queue run' }).waitFor();
    expect(await page().getByRole('button', { name: 'Keep as a plan' }).count()).toBe(0);
  });
});
