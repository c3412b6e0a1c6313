/** Every place of the workbench as a picture shows it, for people (screenshots) and for axe. */
import type { Browser, Page } from 'playwright-core';
import { encodeSafetensors } from '../../src/core/formats/safetensors.ts';
import { describeModel } from '../../src/core/models/network.ts';
import { serveWorkbench } from '../../src/main/serve.ts';
import { createFakeWorkbench } from './fakeWorkbench.ts';
import { figureShots } from './figureShots.ts';
import { collectComplaints } from './workbenchPage.ts';

export interface Shot {
  name: string;
  path: string;
  /** Runs in the workbench; 30 unless told. */
  runs?: number;
  /** As if the images of all runs' data sets were elsewhere. */
  withoutImages?: boolean;
  /** As if the history could not be written. */
  readOnly?: boolean;
  /** As if some runs of the first study were on a cluster. */
  remote?: boolean;
  /** What to do before the picture is taken. */
  prepare?: (page: Page) => Promise<void>;
}

/** Completed runs of R and C with the same seed. */
const run = '/runs/run-0013';
const other = 'run-0014';
const compared = `/compare?runs=${other},run-0013`;
const audited = `/audit?runs=${other},run-0013`;
/** Three seeds of MNIST under C and R. */
const seedRuns = ['run-0018', 'run-0014', 'run-0010', 'run-0017', 'run-0013', 'run-0009'];
/** Sixteen runs of MNIST: six seeds of C, four of R, three each of two other weights of R; of 120 runs. */
export const sixteen = [72, 68, 64, 60, 56, 52, 47, 43, 39, 35, 95, 91, 87, 71, 67, 63]
  .map((index) => `run-${String(index).padStart(4, '0')}`)
  .join();
export const shots: readonly Shot[] = [
  { name: 'runs-0-first-start', path: '/', runs: 0 },
  { name: 'runs-1', path: '/', runs: 1 },
  { name: 'runs-30', path: '/' },
  { name: 'runs-1000', path: '/?sort=-testAccuracy', runs: 1000 },
  { name: 'runs-10000', path: '/', runs: 10_000 },
  { name: 'runs-right-to-left', path: '/', prepare: nameInArabic },
  { name: 'runs-grouped', path: '/?group=1&sort=-testAccuracy', prepare: unfoldFirst },
  { name: 'runs-filtered', path: '/?status=completed&paradigm=R&q=seed+2' },
  { name: 'runs-nothing-matches', path: '/?q=no+such+run' },
  { name: 'runs-selected', path: '/', prepare: selectThree },
  { name: 'runs-columns', path: '/', prepare: (page) => page.getByText('Columns').click() },
  { name: 'runs-bin-with-undo', path: '/', prepare: deleteTwo },
  { name: 'palette', path: '/', prepare: openPalette },
  { name: 'jobs', path: '/data', prepare: (page) => page.getByText(/running/).click() },
  { name: 'runs-facet', path: '/?tag=paper', prepare: openFacet },
  { name: 'runs-saved', path: '/', prepare: (page) => page.getByText('Saved').click() },
  { name: 'runs-row-menu', path: '/', prepare: openRowMenu },
  { name: 'runs-tagging', path: '/', prepare: tagThree },
  { name: 'question', path: '/', prepare: askToStop },
  { name: 'studies', path: '/studies' },
  { name: 'studies-none', path: '/studies', runs: 0 },
  { name: 'study', path: '/studies/study-1' },
  { name: 'study-remote', path: '/studies/study-1', remote: true, prepare: showRemote },
  { name: 'study-remote-again', path: '/studies/study-1', remote: true, prepare: handOver },
  { name: 'study-taken-back', path: '/studies/study-1', remote: true, prepare: takeBack },
  {
    name: 'jobs-remote',
    path: '/data',
    remote: true,
    prepare: (page) => page.getByText(/running/).click(),
  },
  { name: 'study-wide', path: '/studies/study-2' },
  { name: 'study-question', path: '/studies/study-1', prepare: editStudy },
  { name: 'study-gone', path: '/studies/none' },
  { name: 'runs-make-study', path: '/', prepare: studyOfThree },
  { name: 'new-run', path: '/new' },
  {
    name: 'new-run-terms',
    path: '/new?objective=contrastive%2Bvariational',
    prepare: showTerms,
  },
  {
    name: 'new-run-sets',
    path: '/new?objective=none,+contrastive,+contrastive%2Bssim%2Bsupcon',
    prepare: showTerms,
  },
  {
    name: 'new-run-sweep',
    path: '/new?preset=mnist-r&contrastive.weight=0.1,+1,+10&pairing=matched,+inBatch&margin=20000&seeds=1..6',
  },
  { name: 'new-run-count', path: '/new?preset=mnist-r&contrastive.weight=0.1,+1,+10&seeds=1..6' },
  { name: 'new-run-again', path: '/new?from=run-0029&learningRate=0.01' },
  { name: 'run-live', path: '/runs/run-0030' },
  { name: 'run-overview', path: run },
  { name: 'run-errors', path: `${run}?tab=errors` },
  { name: 'run-concepts', path: `${run}?tab=concepts` },
  { name: 'run-examples', path: `${run}?tab=examples` },
  { name: 'run-examples-marked', path: `${run}?tab=examples`, prepare: markTiles },
  {
    name: 'run-note',
    path: run,
    prepare: (page) => page.getByText('Edit', { exact: true }).click(),
  },
  { name: 'run-queued', path: '/runs/run-0028' },
  { name: 'run-failed', path: '/runs/run-0025' },
  { name: 'run-interrupted', path: '/runs/run-0023' },
  { name: 'run-long-name', path: '/runs/run-0021' },
  { name: 'example', path: `${run}/examples/13` },
  { name: 'example-two-runs', path: `${run}/examples/13?with=${other}` },
  { name: 'example-three-runs', path: `${run}/examples/13?with=${other},run-0010` },
  {
    name: 'example-four-runs',
    path: `${run}/examples/13?with=${other},run-0010,run-0009`,
    prepare: (page) =>
      page
        .getByRole('img', { name: /^Difference/ })
        .first()
        .scrollIntoViewIfNeeded(),
  },
  { name: 'example-both', path: `${run}/examples/13?with=${other}&figures=both&smooth=native` },
  { name: 'example-own', path: `${run}/examples/13?with=${other}&own=${other}:5&scale=shared` },
  { name: 'example-methods', path: `${run}/examples/13?with=${other}&strip=methods` },
  {
    name: 'example-three-methods',
    path: `${run}/examples/13?with=${other},run-0010&strip=methods`,
  },
  { name: 'example-epochs', path: `${run}/examples/13?strip=epochs&by=lrp` },
  { name: 'run-examples-without-images', path: `${run}?tab=examples`, withoutImages: true },
  {
    name: 'example-without-image',
    path: `${run}/examples/13?with=${other}`,
    withoutImages: true,
  },
  { name: 'example-add-run', path: `${run}/examples/13`, prepare: addRun },
  { name: 'audit-table', path: audited },
  { name: 'audit-images', path: audited, prepare: showAuditImages },
  { name: 'audit-faithfulness', path: `${audited}&part=faithfulness` },
  { name: 'audit-curves', path: `${audited}&part=curves` },
  { name: 'audit-agreement', path: `${audited}&part=agreement` },
  { name: 'audit-new', path: `${audited}&part=new` },
  { name: 'compare', path: `${compared},run-0021` },
  { name: 'compare-time', path: `${compared}&x=time` },
  { name: 'compare-metrics', path: `${compared},run-0021&part=metrics` },
  { name: 'compare-seeds', path: `/compare?runs=${sixteen}`, runs: 120 },
  { name: 'compare-seeds-each', path: `/compare?runs=${sixteen}&seeds=each`, runs: 120 },
  { name: 'compare-seeds-metrics', path: `/compare?runs=${sixteen}&part=metrics`, runs: 120 },
  {
    name: 'compare-runs-metrics',
    path: `/compare?runs=${sixteen}&part=metrics&seeds=each`,
    runs: 120,
  },
  { name: 'compare-sweep', path: `/compare?runs=${sixteen}&part=sweep`, runs: 120 },
  {
    name: 'compare-sweep-all',
    path: `/compare?runs=${sixteen}&part=sweep&sweep=parallel`,
    runs: 120,
  },
  { name: 'compare-calibration', path: `/compare?runs=${sixteen}&part=calibration`, runs: 120 },
  { name: 'compare-add', path: `/compare?runs=${sixteen}`, runs: 120, prepare: addRun },
  { name: 'compare-copy', path: `${compared}&part=metrics`, prepare: openCopyMenu },
  { name: 'compare-examples', path: `${compared}&part=examples` },
  { name: 'compare-statistics', path: `${compared}&part=statistics`, prepare: waitForTests },
  { name: 'compare-statistics-loading', path: `${compared}&part=statistics` },
  {
    name: 'compare-statistics-seeds',
    path: `/compare?runs=${seedRuns.join()}&part=statistics`,
    prepare: waitForTests,
  },
  {
    name: 'compare-statistics-refused',
    path: `${compared},run-0004&part=statistics`,
    prepare: waitForRefusal,
  },
  { name: 'compare-empty', path: '/compare' },
  { name: 'compare-pairs', path: '/compare', runs: 120 },
  ...figureShots,
  { name: 'data', path: '/data' },
  { name: 'data-fetch', path: '/data?set=fashion-mnist' },
  { name: 'data-published', path: '/data?set=published/pathmnist' },
  { name: 'data-import', path: '/data?set=import/', prepare: fillImport },
  { name: 'data-import-browse', path: '/data?set=import/', prepare: browse },
  { name: 'settings', path: '/settings' },
  { name: 'settings-read-only', path: '/settings', readOnly: true },
  { name: 'run-read-only', path: run, readOnly: true },
  { name: 'run-train-further', path: run, prepare: trainFurther },
  { name: 'run-export', path: run, prepare: exportEpochs },
  { name: 'runs-export-several', path: '/', prepare: exportThree },
  { name: 'runs-import-weights', path: '/', prepare: importWeights },
  { name: 'not-found', path: '/nowhere' },
];

async function trainFurther(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Train further' }).click();
  await page.getByRole('dialog').getByRole('textbox').waitFor();
}

async function unfoldFirst(page: Page): Promise<void> {
  await page.getByLabel('Unfold').first().click();
}

/** The terms of an objective, the first one with its formula. */
async function showAuditImages(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Grad-CAM, similarity to the image:/ }).click();
}

async function showTerms(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Objective/ }).click();
  await page
    .getByRole('button', { name: /^Formula of/ })
    .first()
    .click();
}

/** Renames runs in a script that is written from right to left; one name has digits and Latin letters within. */
async function nameInArabic(page: Page): Promise<void> {
  const names = ['تجربة الخرائط', 'تجربة mnist-r وزن 10 بذرة 3 مع خرائط التنشيط للطبقة الثانية'];
  for (const [i, name] of names.entries()) {
    await page
      .getByRole('grid')
      .getByRole('link')
      .nth(3 * i)
      .click();
    await page.getByRole('textbox', { name: 'Name of the run' }).fill(name);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Runs', exact: true }).first().click();
    await page.getByRole('grid').getByRole('link', { name }).waitFor();
  }
}

async function selectThree(page: Page): Promise<void> {
  await page.getByRole('grid').focus();
  for (const key of ['ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown']) {
    await page.keyboard.press(key);
  }
}

async function deleteTwo(page: Page): Promise<void> {
  await page.getByRole('grid').focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'Shift+ArrowDown', 'Delete']) {
    await page.keyboard.press(key);
  }
  await page.getByText('Undo').waitFor();
  await page.getByRole('link', { name: /^Bin/ }).click();
}

/** Gives tags to the second tile and a note to the fifth. */
async function markTiles(page: Page): Promise<void> {
  const tiles = page.getByRole('listbox', { name: 'Examples' });
  const panel = page.getByRole('dialog', { name: 'Tags and note' });
  const goOn = async (steps: number): Promise<void> => {
    await tiles.focus();
    for (let i = 0; i < steps; i += 1) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('t');
  };
  await goOn(1);
  await panel.getByRole('combobox').fill('four or nine');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await goOn(3);
  const note = panel.getByRole('textbox', { name: 'Note on the image' });
  await note.fill('look again');
  await note.blur();
  await panel.press('Escape');
  await tiles.focus();
  await page.keyboard.press('Home');
}

async function openFacet(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Status' }).first().click();
}

async function openRowMenu(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Actions for mnist-c seed 1' }).first().click();
}

async function showRemote(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'on a cluster' }).scrollIntoViewIfNeeded();
}

async function handOver(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Hand over \d again/ }).click();
}

async function takeBack(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Take back \d/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take back' }).click();
}

async function editStudy(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Actions for the study' }).click();
  await page.getByRole('menuitem', { name: 'Name and question' }).click();
}

async function studyOfThree(page: Page): Promise<void> {
  await selectThree(page);
  await page.getByRole('button', { name: 'Make a study' }).click();
}

async function tagThree(page: Page): Promise<void> {
  await selectThree(page);
  await page.getByRole('button', { name: 'Tag', exact: true }).last().click();
}

async function waitForTests(page: Page): Promise<void> {
  await page.getByRole('table', { name: 'Tests' }).waitFor({ timeout: 60_000 });
}

async function waitForRefusal(page: Page): Promise<void> {
  await page.getByText('over seeds two are compared').waitFor();
}

async function openCopyMenu(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Copy as' }).click();
}

async function askToStop(page: Page): Promise<void> {
  await openRowMenu(page);
  await page.getByRole('menuitem', { name: 'Stop' }).click();
}

async function addRun(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add a run' }).click();
}

async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('mnist-r');
}

async function browse(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Browse' }).click();
  await page.getByRole('button', { name: 'lungs' }).waitFor();
}

async function fillImport(page: Page): Promise<void> {
  await page.getByLabel('Path on the workbench').fill('/data/kmnist');
  await page.getByText('training and').waitFor();
}

/** A shot as it can be looked at, with the made-up workbench behind it. */
export interface OpenShot {
  page: Page;
  /** What went wrong on the way, and what the page put on the console as an error. */
  complaints: () => string[];
  close: () => Promise<void>;
}

export interface ShotOptions {
  width: number;
  height: number;
  theme: 'light' | 'dark';
  rendererDir: string;
}

/** Opens a shot in a context of its own: made-up runs, one of them training. */
export async function openShot(
  browser: Browser,
  { path, runs = 30, withoutImages = false, readOnly = false, remote = false, prepare }: Shot,
  { width, height, theme, rendererDir }: ShotOptions,
): Promise<OpenShot> {
  const fake = createFakeWorkbench({ runs, withoutImages, readOnly, remote });
  fake.advance(36);
  const served = await serveWorkbench({ api: fake.api, port: 0, rendererDir, version: '0.1.0' });
  const viewport = { width, height };
  // What moves would be caught on its way.
  const reducedMotion = 'reduce';
  const context = await browser.newContext({ viewport, colorScheme: theme, reducedMotion });
  const page = await context.newPage();
  const logged = collectComplaints(page);
  const failed: string[] = [];
  const address = served.issueAddress();
  // Opens the workbench for this context, without a first page that nobody looks at.
  await context.request.get(address);
  await page.goto(new URL(path, address).href, { waitUntil: 'networkidle' });
  fake.advance(1);
  await page.waitForTimeout(settleMs);
  try {
    await prepare?.(page);
  } catch (error) {
    failed.push(String(error));
  }
  await page.waitForTimeout(settleMs);
  return {
    page,
    complaints: () => [...failed, ...logged],
    close: async () => {
      await context.close();
      await served.close();
    },
  };
}

/** For what is drawn after an answer. */
const settleMs = 200;

async function exportEpochs(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Export…' }).click();
  await page.getByRole('radio', { name: 'NumPy archive' }).check();
  await page.getByLabel('Epochs').selectOption('numbers');
}

async function exportThree(page: Page): Promise<void> {
  await selectThree(page);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByRole('radio', { name: 'Parquet tables' }).check();
}

/** Weights of which all but the first layer have our names. */
async function importWeights(page: Page): Promise<void> {
  const { parameters, statistics } = describeModel({ name: 'paper-cnn' }, { imageSize: 28 }, 10);
  const tensors = Object.fromEntries(
    [...parameters, ...statistics].map(({ name, shape }) => [
      name.replace('conv1/', 'features.0.'),
      { shape, values: new Float32Array(shape.reduce((a, b) => a * b, 1)) },
    ]),
  );
  const buffer = Buffer.from(encodeSafetensors({ tensors, metadata: {} }));
  const file = { name: 'features.safetensors', mimeType: 'application/octet-stream', buffer };
  await page.locator('input[type=file][accept*=safetensors]').setInputFiles(file);
  await page.getByText(/has nothing for conv1/).waitFor();
}
