import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTemporaryFolder, removeFolder } from '../support/digits.ts';
import { handFarOver, leaveResults, openHome, type HandedOver } from '../support/remoteStudy.ts';
import { SlurmPrograms } from '../support/slurmPrograms.ts';
import { host, openWorkbenchPage, type WorkbenchPage } from '../support/workbenchPage.ts';
import { pressOn, typeInto } from './doing.ts';
import { picturesOfFailures } from './looking.ts';
import { openMadeUpPage } from './madeUp.ts';

/** How long the workbench may take to look at the shared folder again, and to import what it finds. */
const patience = { timeout: 30_000 };

/** With real files on the shared folder, and programs in the place of Slurm's. */
describe.runIf(host === 'serve')('runs on a cluster', () => {
  const folder = makeTemporaryFolder();
  const dataDir = makeTemporaryFolder();
  const path = process.env['PATH'];
  const slurm = new SlurmPrograms(folder);
  let far: HandedOver;
  let opened: WorkbenchPage;
  const page = () => opened.page;
  const button = (name: string | RegExp) => page().getByRole('button', { name });
  const heading = (name: string) => page().getByRole('heading', { name, exact: true });
  const states = () =>
    page()
      .getByRole('region', { name: /cluster/ })
      .locator('.state')
      .allInnerTexts();

  beforeAll(async () => {
    process.env['PATH'] = slurm.path;
    const home = await openHome(dataDir);
    far = await handFarOver(home.workbench, dataDir);
    await home.workbench.close();
    slurm.setQueue('1|0|RUNNING|None|n1', '1|1|PENDING|Priority|');
    opened = await openWorkbenchPage({ dataDir });
    await page().goto(new URL(`/studies/${far.study.id}`, page().url()).href);
  }, 120_000);
  afterAll(async () => {
    process.env['PATH'] = path;
    expect(opened.complaints).toEqual([]);
    await opened.close();
    removeFolder(dataDir);
    removeFolder(folder);
  });
  picturesOfFailures(page);

  it('come home by themselves while their page is open', async () => {
    await heading('2 runs on a cluster').waitFor();
    expect(await states()).toEqual(['Starting', 'Waiting']);
    await page().evaluate(() => {
      document.body.dataset['same'] = 'page';
    });
    await leaveResults(far.folder, far.runIds.slice(0, 1));
    await expect.poll(() => heading('1 run on a cluster').count(), patience).toBe(1);
    expect(await states()).toEqual(['Waiting']);
    const planned = page().getByRole('region', { name: 'Planned runs' });
    await expect
      .poll(() => planned.getByRole('link').allInnerTexts(), patience)
      .toEqual([expect.stringMatching(/Completed[^]*\d\d\.\d\d%/)]);
    await page().getByText('1 planned, 1 done').or(page().getByText('1 done, 1 planned')).waitFor();
    expect(await page().evaluate(() => document.body.dataset['same'])).toBe('page');
    expect(await button(/^Train/).count()).toBe(0);
  }, 120_000);

  it('are taken back once that is confirmed, and can be trained here then', async () => {
    await pressOn(page(), button('Take back 1'));
    const dialog = page().getByRole('dialog', { name: /^Take 1 run of “far” back/ });
    await dialog.getByText('What waits or trains there ends').waitFor();
    await page().keyboard.press('Escape');
    // Closed, it stays for a moment, and would be answered for the next question.
    await page().locator('dialog').waitFor({ state: 'detached' });
    expect(slurm.calls().filter((call) => call.startsWith('scancel'))).toEqual([]);
    await pressOn(page(), button('Take back 1'));
    await pressOn(page(), dialog.getByRole('button', { name: 'Take back' }));
    await page().getByText('Took 1 run back from the cluster').waitFor();
    expect(slurm.calls().at(-1)).toBe('scancel 1');
    await heading('1 run taken back from a cluster').waitFor();
    expect(await states()).toEqual(['Cancelled']);
    await button('Train 1 run').waitFor();
  });

  it('are handed over again with what else they shall ask for', async () => {
    slurm.setQueue('2|1|PENDING|Priority|');
    await pressOn(page(), button('Hand over 1 again'));
    await typeInto(page(), page().getByRole('textbox', { name: 'Memory' }), '32G');
    await page().keyboard.press('Enter');
    await page().getByText('Handed 1 run to the cluster again').waitFor();
    expect(slurm.calls().at(-1)).toMatch(/^sbatch .*--array=1 --cpus-per-task=1 --mem=32G /);
    await heading('1 run on a cluster').waitFor();
    expect(await states()).toEqual(['Waiting']);
    await expect.poll(() => button(/^Train/).count()).toBe(0);
  });

  it('are taken back from the list of jobs, and a Slurm that is silent is one line', async () => {
    slurm.fallSilent();
    const panel = page().getByRole('list', { name: 'On a cluster' });
    const takeBack = async () => {
      await button(/on a cluster$/).click();
      await panel.getByRole('button', { name: 'Take the runs of far back' }).click();
      await page().getByRole('dialog').getByRole('button', { name: 'Take back' }).click();
    };
    await takeBack();
    await page()
      .getByText(/^Slurm does not answer squeue: /)
      .waitFor();
    expect(await states()).toEqual(['Waiting']);
    expect(slurm.calls().at(-1)).toMatch(/^sbatch/);
  });
});

it.runIf(host === 'serve')(
  'only shows runs on a cluster where nothing can be written',
  async () => {
    const { page, complaints, close } = await openMadeUpPage('/studies/study-1', {
      ...{ remote: true, readOnly: true },
    });
    for (const name of ['Hand over 1 again', 'Take back 4']) {
      const button = page.getByRole('button', { name });
      await button.waitFor();
      expect(await button.isDisabled()).toBe(true);
      expect(await button.getAttribute('title')).toMatch(/^Only for looking at: /);
    }
    expect(complaints()).toEqual([]);
    await close();
  },
  60_000,
);
