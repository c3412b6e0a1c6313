/**
 * Where one history in one file stops being right, see bench/scale.md:
 * `node bench/scale.ts [--bundles 1000] [--runs 10000] [--epochs 30] [--folder FOLDER]`. Bundles are runs of
 * 10,000 images, each made, imported into one history and removed; weights are those of the last epoch, as
 * "runs thin" leaves them. 1,000 bundles of 30 epochs take 36 GB and some hours; it ends by itself before
 * the disk is full. `--runs` are rows of a history without images.
 */
import { mkdirSync, mkdtempSync, rmSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { presets } from '../src/core/config/presets.ts';
import { exampleQuerySchema } from '../src/core/records.ts';
import { DatasetLibrary } from '../src/main/datasets/library.ts';
import { historyFileName, openHistory, type History } from '../src/main/store/history.ts';
import { compareRuns } from '../src/main/workbench/compareRuns.ts';
import { DatasetCache } from '../src/main/workbench/datasetsApi.ts';
import { DerivedMetrics } from '../src/main/workbench/derivedMetrics.ts';
import { RunDatasets } from '../src/main/workbench/runDatasets.ts';
import { evict, print, printHead, printMachine } from './measure.ts';
import {
  anyImage,
  count,
  makeExamples,
  makeMetrics,
  randomBytes,
  weightsBytes,
} from './storeData.ts';
import { fillFolder } from './window/folder.ts';

const { values } = parseArgs({
  options: {
    bundles: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '10000' },
    epochs: { type: 'string', default: '30' },
    folder: { type: 'string', default: tmpdir() },
  },
});
const [bundles, runs, epochs] = [values.bundles, values.runs, values.epochs].map(Number) as [
  number,
  number,
  number,
];
mkdirSync(values.folder, { recursive: true });
const root = mkdtempSync(join(values.folder, 'afterimage-scale-'));
const version = 'bench';

/** Bytes that stay free: less, and the measurement ends. */
const leastFree = 5e9;
const freeBytes = (): number => {
  const { bavail, bsize } = statfsSync(root);
  return bavail * bsize;
};
const bytesOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
const fileOf = (dataDir: string): string => join(dataDir, historyFileName);
const sizeOf = (dataDir: string): number =>
  bytesOf(fileOf(dataDir)) + bytesOf(`${fileOf(dataDir)}-wal`);
const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(2);

/** How long something takes that may be a promise, ms. */
async function timeOf(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
const ms = (duration: number): string => duration.toFixed(duration < 100 ? 1 : 0);

const allEpochs = Array.from({ length: epochs + 1 }, (_, epoch) => makeExamples(epoch));

/** A bundle of one run, from a history that is gone afterwards. */
async function makeBundle(seed: number, dataset: ReturnType<History['datasets']['list']>[0]) {
  const dataDir = mkdtempSync(join(root, 'made-'));
  const path = join(root, 'one.afterimage');
  const history = openHistory({ dataDir, version });
  history.datasets.insert(dataset);
  const name = `mnist-r seed ${seed}`;
  const run = { name, experiment: 'scale', config: presets['mnist-r'], seed };
  const { id } = history.runs.insert(run);
  history.splits.assign(id, dataset.id, {
    train: Uint32Array.from({ length: 54_000 }, (_, i) => i),
    validation: Uint32Array.from({ length: 6_000 }, (_, i) => 54_000 + i),
    test: Uint32Array.from({ length: count }, (_, i) => i),
  });
  history.runs.setStarted(id, engine, {});
  for (const [epoch, examples] of allEpochs.entries()) {
    const weights = randomBytes(epoch === epochs ? weightsBytes : 16);
    const result = { metrics: makeMetrics(epoch), examples, weights, checkpoint: randomBytes(16) };
    history.insertEpoch(id, result);
  }
  history.checkpoints.remove(id);
  history.runs.setStatus(id, 'completed');
  await history.exportBundle([id], path);
  history.close();
  rmSync(dataDir, { recursive: true });
  return { path, id };
}

const engine = {
  ...({ name: 'wasm', device: 'cpu', threads: 1, deterministic: true } as const),
  versions: { node: process.versions.node },
};

/** Rows of what a history of this size takes for what people do with it. */
async function measureHistory(dataDir: string, label: string, pair: readonly string[]) {
  evict(fileOf(dataDir));
  let history = openHistory({ dataDir, version });
  history.close();
  const opened = await timeOf(() => (history = openHistory({ dataDir, version })));
  const listed = await timeOf(() => history.runs.listSummaries());
  const [a = '', b = ''] = pair;
  const cache = new DatasetCache(new DatasetLibrary(join(dataDir, 'datasets'), history.datasets));
  const derivedMetrics = new DerivedMetrics(history, new RunDatasets(history, cache));
  const read = await timeOf(() => history.examples.getHistory(a, anyImage()));
  const filters = ['misclassified', 'low-confidence'] as const;
  const query = exampleQuerySchema.parse({ runId: a, epoch: epochs, filters: [...filters] });
  const filtered = await timeOf(() => history.examples.list(query));
  const compared = await timeOf(() =>
    compareRuns(
      { history, derivedMetrics },
      { runIds: [a, b], epoch: 'best', bootstrapSeed: 1, metrics: ['testAccuracy', 'iou'] },
      {},
    ),
  );
  const copy = join(root, 'backup');
  const hasRoom = freeBytes() - sizeOf(dataDir) > leastFree;
  const backedUp = hasRoom ? await timeOf(() => history.backup(copy)) : null;
  rmSync(copy, { force: true });
  const verified = await timeOf(() => history.verify());
  history.close();
  const cells = [opened, listed, read, filtered, compared].map(ms);
  const seconds = [backedUp, verified].map((duration) =>
    duration === null ? 'no room' : (duration / 1000).toFixed(1),
  );
  print(label, gigabytes(sizeOf(dataDir)), ...cells, ...seconds);
}

const historyHead = [
  'GB',
  'open',
  'list',
  'one image',
  'filter',
  'compare',
  'backup, s',
  'verify, s',
] as const;

/** Imports bundle after bundle into one history, and says what the last of each tenth cost. */
async function importBundles(): Promise<void> {
  const dataDir = join(root, 'home');
  const history = openHistory({ dataDir, version });
  const library = new DatasetLibrary(join(dataDir, 'datasets'), history.datasets);
  const dataset = await library.ensureBuiltin('mnist');
  const ids: string[] = [];
  const imports: number[] = [];
  const marks = new Set(Array.from({ length: 5 }, (_, i) => Math.ceil((bundles * (i + 1)) / 5)));
  printHead('bundles', 'MB each', 'import, s: median of the last fifth', 'longest', 'history, GB');
  for (let i = 1; i <= bundles; i += 1) {
    if (freeBytes() < leastFree) {
      console.log(`\nNo room for bundle ${i}: ${gigabytes(freeBytes())} GB are free.\n`);
      break;
    }
    const { path, id } = await makeBundle(i, dataset);
    const size = bytesOf(path);
    imports.push(await timeOf(() => history.importBundle(path)));
    ids.push(id);
    rmSync(path);
    if (!marks.has(i)) continue;
    const last = imports.splice(0).toSorted((a, b) => a - b);
    const seconds = (duration = 0): string => (duration / 1000).toFixed(2);
    print(
      ...[i, (size / 1e6).toFixed(1)],
      ...[seconds(last[Math.floor(last.length / 2)]), seconds(last.at(-1))],
      gigabytes(sizeOf(dataDir)),
    );
  }
  history.close();
  printHead('the history of these', ...historyHead);
  await measureHistory(dataDir, `${ids.length} runs with images`, ids.slice(0, 2));
  const again = openHistory({ dataDir, version });
  const [first = ''] = ids;
  again.runs.delete([first]);
  const purged = await timeOf(() => again.purge([first]));
  again.close();
  console.log(`\nOne run purged in ${ms(purged)} ms.`);
  rmSync(dataDir, { recursive: true });
}

/** Histories of more and more runs without images, and two with. */
async function growTable(): Promise<void> {
  printHead('runs', ...historyHead);
  for (const share of [0.01, 0.1, 1]) {
    const rows = Math.max(1, Math.round(runs * share));
    const dataDir = join(root, `rows-${rows}`);
    const content = { runs: rows, epochs, exampleEpochs: epochs + 1 };
    const { runC, runR } = await fillFolder(dataDir, content);
    await measureHistory(dataDir, String(rows), [runC, runR]);
    rmSync(dataDir, { recursive: true });
  }
}

printMachine();
try {
  if (bundles > 0) await importBundles();
  if (runs > 0) await growTable();
} finally {
  rmSync(root, { recursive: true, force: true });
}
