import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../src/core/formats/safetensors.ts';
import { keyOfRun } from '../../src/core/studies/plan.ts';
import { studyOfRuns } from '../../src/core/studies/studyOfRuns.ts';
import { openWasmEngine } from '../../src/main/learning/engine/wasm/wasmEngine.ts';
import { openHistory } from '../../src/main/store/history.ts';
import { readRuns, withHistory } from '../support/storedRun.ts';
import { contents, keepDataset, storeTrainedRun } from '../support/trainedHistory.ts';
import { openWorkbenchPage } from '../support/workbenchPage.ts';
import type { WorkbenchPage } from '../support/workbenchPage.ts';
import { takeExport } from './doing.ts';
import { picturesOfFailures, runRow, sidewaysScroll } from './looking.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'afterimage-programs-'));
let workbench: WorkbenchPage;
let page: Page;
/** Of the run `trained`. */
let runId: string;
/** Of both runs. */
let studyId: string;
picturesOfFailures(() => page);

beforeAll(async () => {
  const history = openHistory({ dataDir, version: 'test' });
  const dataset = contents.grey;
  const record = await keepDataset(history, dataDir, 'grey', dataset);
  const engine = await openWasmEngine();
  const ids: string[] = [];
  for (const [name, camWeight] of [
    ['trained', 1],
    ['again', 3],
  ] as const) {
    const run = { name, changes: { epochs: 2, camWeight }, record, dataset };
    ids.push(await storeTrainedRun(history, engine, run));
  }
  runId = ids[0] ?? '';
  const runs = ids.map((id) => history.runs.get(id));
  studyId = history.studies.insert(studyOfRuns('one & three', 'Which?', runs)).id;
  history.studies.addRuns(
    studyId,
    runs.map(({ id, config, seed }) => ({ runId: id, key: keyOfRun(config, seed) })),
  );
  history.close();
  workbench = await openWorkbenchPage({ dataDir, width: 1000, height: 760 });
  ({ page } = workbench);
});
afterAll(async () => {
  await workbench.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const dialog = (): Locator => page.getByRole('dialog');
const format = (name: string): Locator => dialog().getByRole('radio', { name, exact: true });

async function readExport(): Promise<{ name: string; bytes: Uint8Array }> {
  const download = await takeExport(page);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** The numbers of an array of NumPy's, of 32 bits after a header of 128 bytes or a multiple of 64. */
function readArray(file: Uint8Array | undefined): Int32Array {
  const bytes = file ?? new Uint8Array(10);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint16(8, true);
  return new Int32Array(bytes.slice(10 + length).buffer);
}

it('a run leaves as a NumPy archive of the epochs that were chosen', async () => {
  await page.goto(new URL(`/runs/${runId}`, page.url()).href);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Export…' }).click();
  await format('NumPy archive').check();
  await dialog().getByLabel('Epochs').selectOption('numbers');
  const numbers = dialog().getByRole('textbox', { name: 'Numbers of the epochs' });
  await numbers.fill('2, zero');
  const start = dialog().getByRole('button', { name: 'Export', exact: true });
  await expect.poll(() => start.isDisabled()).toBe(true);
  await numbers.fill('2, 0');
  await dialog().getByLabel('Maps also at the image’s size').check();
  await expect.poll(() => sidewaysScroll(page)).toBe(0);
  const { name, bytes } = await readExport();
  expect(name).toBe(`${runId}.npz`);
  const files = unzipSync(bytes);
  expect([...readArray(files['epochs.npy'])]).toEqual([0, 2]);
  expect(Object.keys(files)).toContain('cams.npy');
  const { exampleIds } = withHistory(dataDir, ({ examples }) => examples.getEpoch(runId, 0));
  expect([...readArray(files['exampleId.npy'])]).toEqual([...exampleIds]);
});

it('several leave together in formats that hold them, folders as archives', async () => {
  await page.goto(new URL('/', page.url()).href);
  for (const name of ['trained', 'again']) await runRow(page, name).getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await dialog().getByRole('heading', { name: 'Export 2 runs' }).waitFor();
  await expect.poll(() => format('NumPy archive').isDisabled()).toBe(true);
  await expect.poll(() => format('ONNX network').isDisabled()).toBe(true);
  await format('TensorBoard').check();
  const { name, bytes } = await readExport();
  expect(name).toBe('runs.zip');
  const folders = Object.keys(unzipSync(bytes)).map((path) => path.replace(/\/events[^/]*$/, ''));
  expect(folders.toSorted()).toEqual(['runs/again', 'runs/trained']);
});

it('a study leaves as its report', async () => {
  await page.goto(new URL(`/studies/${studyId}`, page.url()).href);
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Report' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('one-three.zip');
  const files = unzipSync(readFileSync(await download.path()));
  expect(Object.keys(files)).toContain('report/figures/frontier.pdf');
  const html = new TextDecoder().decode(files['report/report.html']);
  expect(html).toContain('<h1>one &amp; three</h1>');
  expect(html).toContain('<p>Which?</p>');
});

it('weights become a run, once it was said what their layers are called', async () => {
  const stored = withHistory(dataDir, ({ weights }) => weights.get(runId, 2).weights);
  const { tensors } = decodeSafetensors(stored, 'the weights');
  await page.goto(new URL('/', page.url()).href);
  await runRow(page, 'trained').waitFor();
  const renamed = Object.entries(tensors).map(([name, tensor]) => [
    name.replace('conv1/', 'features.0.'),
    tensor,
  ]);
  const path = join(dataDir, 'theirs.safetensors');
  writeFileSync(
    path,
    encodeSafetensors({
      tensors: Object.fromEntries(renamed) as typeof tensors,
      metadata: {},
    }),
  );
  await page.locator('input[type=file][accept*=safetensors]').setInputFiles(path);
  await dialog().getByRole('heading', { name: 'Import theirs.safetensors' }).waitFor();
  await dialog().getByLabel('Data set').selectOption('grey');
  await dialog()
    .getByText(/has nothing for conv1\/kernel/)
    .waitFor();
  const start = dialog().getByRole('button', { name: 'Import', exact: true });
  await expect.poll(() => start.isDisabled()).toBe(true);
  await dialog().getByRole('combobox', { name: 'conv1', exact: true }).fill('features.0');
  await dialog().getByText('All weights are there').waitFor();
  await expect.poll(() => sidewaysScroll(page)).toBe(0);
  await start.click();
  await page.waitForURL(/\/runs\/(?!.*trained)\w+$/);
  await page.getByText('Imported theirs.safetensors').waitFor();
  const imported = readRuns(dataDir).find(({ name }) => name === 'theirs');
  const source = readRuns(dataDir).find(({ id }) => id === runId);
  expect(imported?.note).toMatch(/^Weights of theirs\.safetensors /);
  expect(imported?.epochs[1]?.testCrossEntropy).toBe(source?.epochs[2]?.testCrossEntropy);
  expect(workbench.complaints).toEqual([]);
});
