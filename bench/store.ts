/**
 * What the layout of examples costs, and what the history costs as it is:
 * `node bench/store.ts [FOLDER]` (about 1 min; FOLDER is where the files are written, by default the
 * system's temporary folder). Figures and what follows from them: bench/README.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { History, historyFileName } from '../src/main/store/history.ts';
import { DataFolder } from '../src/main/store/database/dataFolder.ts';
import { openDatabase } from '../src/main/store/database/openDatabase.ts';
import { presets } from '../src/core/config/presets.ts';
import { noSizes, totalOf } from '../src/core/runSizes.ts';
import { exampleQuerySchema } from '../src/core/records.ts';
import type { EpochExamples, EpochResult } from '../src/shared/trainerEvents.ts';
import { evict, print, repeat, spread, time } from './measure.ts';
import {
  anyImage,
  checkpointBytes,
  epochs,
  makeExamples,
  makeMetrics,
  randomBytes,
  weightsBytes,
} from './storeData.ts';
import { compareLayouts } from './storeLayouts.ts';

function openMeasured(dataDir: string, synchronous: 'FULL' | 'NORMAL'): History {
  const connection = openDatabase(join(dataDir, historyFileName), 'bench');
  connection.exec(`PRAGMA synchronous = ${synchronous}`);
  return new History(new DataFolder(dataDir, connection, null), { dataDir, version: 'bench' });
}

const newRun = { name: 'run', experiment: 'bench', config: presets['mnist-c'], seed: 1 };

function fillRun(history: History, all: EpochExamples[]): { id: string; inserts: number[] } {
  const { id } = history.runs.insert(newRun);
  const weights = randomBytes(weightsBytes);
  const checkpoint = randomBytes(checkpointBytes);
  const inserts = all.map((examples, epoch) => {
    const result: EpochResult = { metrics: makeMetrics(epoch), examples, weights, checkpoint };
    return time(() => history.insertEpoch(id, result));
  });
  return { id, inserts };
}

function measureReading(dataDir: string, id: string): void {
  const path = join(dataDir, historyFileName);
  const cold = Array.from({ length: 20 }, () => {
    evict(path);
    const opened = openMeasured(dataDir, 'FULL');
    const duration = time(() => opened.examples.getHistory(id, anyImage()));
    opened.close();
    return duration;
  });
  const history = openMeasured(dataDir, 'FULL');
  const { examples } = history;
  const query = (epoch: number) =>
    exampleQuerySchema.parse({ runId: id, epoch, filters: ['misclassified', 'low-confidence'] });
  print('one image, 30 epochs, cold', spread(cold));
  print(
    'one image, 30 epochs, warm',
    spread(repeat(300, () => examples.getHistory(id, anyImage()))),
  );
  print(
    'filter 10,000 images of an epoch',
    spread(repeat(60, (i) => examples.list(query(i % 30)))),
  );
  print('quadrants and histogram', spread(repeat(60, (i) => examples.count(id, i % 30, 0.6))));
  print('an epoch with its maps', spread(repeat(60, (i) => examples.getEpoch(id, i % 30))));
  history.close();
}

const noDigests = { examples: '', weights: '' };
const noBytes = { all: 0, maps: 0, weights: 0 };

function measureLists(folder: string): void {
  const history = openMeasured(folder, 'NORMAL');
  history.transaction(() => {
    for (let run = 1; run <= 1000; run += 1) {
      history.runs.insert(newRun);
      for (let epoch = 0; epoch <= 30; epoch += 1) {
        history.epochs.insert(run, makeMetrics(epoch), noDigests, noBytes);
      }
    }
  });
  print('summaries of 1,000 runs', spread(repeat(20, () => history.runs.listSummaries())));
  print('1,000 runs with 31 epochs each', spread(repeat(10, () => history.runs.list())));
  history.close();
}

/** Prints the ms that a task takes. */
async function printTask(name: string, task: () => unknown): Promise<void> {
  const began = performance.now();
  await task();
  print(name, (performance.now() - began).toFixed(0));
}

async function measureLongTasks(dataDir: string, id: string): Promise<void> {
  const history = openMeasured(dataDir, 'FULL');
  const bundle = join(dataDir, 'run.afterimage');
  await printTask('verify one run', () => history.verify());
  await printTask('back up', () => history.backup(join(dataDir, 'backup.sqlite')));
  await printTask('export a bundle', () => history.exportBundle([id], bundle));
  history.runs.delete([id]);
  await printTask('purge', () => history.purge([id]));
  await printTask('import the bundle', () => history.importBundle(bundle));
  print('size of the run, MB', (totalOf(history.info().runSizes[id] ?? noSizes) / 1e6).toFixed(1));
  history.close();
}

async function measureHistory(folder: string, all: EpochExamples[]): Promise<void> {
  print('History', 'ms, median / 95%');
  print('---', '---');
  for (const synchronous of ['NORMAL', 'FULL'] as const) {
    const dataDir = mkdtempSync(join(folder, 'history-'));
    const history = openMeasured(dataDir, synchronous);
    const { id, inserts } = fillRun(history, all);
    print(`an epoch with weights and checkpoint, synchronous ${synchronous}`, spread(inserts));
    history.close();
    if (synchronous === 'FULL') {
      measureReading(dataDir, id);
      await measureLongTasks(dataDir, id);
    }
    rmSync(dataDir, { recursive: true });
  }
  measureLists(mkdtempSync(join(folder, 'lists-')));
}

const load = (): string =>
  loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'afterimage-bench-'));
console.log(
  `${cpus()[0]?.model ?? ''}, ${cpus().length} cores, Node ${process.version}, load ${load()}\n`,
);
const all = Array.from({ length: epochs }, (_, epoch) => makeExamples(epoch));
compareLayouts(folder, all);
console.log('');
await measureHistory(folder, all);
console.log(`\nload ${load()}`);
rmSync(folder, { recursive: true });
