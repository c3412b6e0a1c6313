/**
 * What an image of an epoch takes in the history by the size of its map: `node bench/storeSizes.ts`
 * (about 2 min). Figures: bench/store.md.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { presets } from '../src/core/config/presets.ts';
import { DataFolder } from '../src/main/store/database/dataFolder.ts';
import { openDatabase } from '../src/main/store/database/openDatabase.ts';
import { History, historyFileName } from '../src/main/store/history.ts';
import { printHead, print, spread, time } from './measure.ts';
import { anyImage, count, makeExamples, makeMetrics } from './storeData.ts';

const epochs = 3;
/** Weights and checkpoints are left out: what is measured are the examples. */
const nothing = new Uint8Array(0);

function measure(folder: string, side: number): void {
  const dataDir = mkdtempSync(join(folder, `maps-${side}-`));
  const path = join(dataDir, historyFileName);
  const connection = openDatabase(path, 'bench');
  const history = new History(new DataFolder(dataDir, connection, null), {
    dataDir,
    version: 'bench',
  });
  const { id } = history.runs.insert({
    ...{ name: 'run', experiment: 'bench', config: presets['mnist-c'], seed: 1 },
  });
  const sizes = [statSync(path).size];
  const all = Array.from({ length: epochs }, (_, epoch) => makeExamples(epoch, side));
  const inserts = all.map((examples, epoch) => {
    const metrics = makeMetrics(epoch);
    return time(() =>
      history.insertEpoch(id, { metrics, examples, weights: nothing, checkpoint: nothing }),
    );
  });
  const reads = Array.from({ length: 50 }, () =>
    time(() => history.examples.getHistory(id, anyImage())),
  );
  history.close();
  sizes.push(statSync(path).size);
  const [before = 0, after = 0] = sizes;
  const bytes = (after - before) / (epochs * count);
  const packed = all.map(({ camLevels }) => gzipSync(camLevels, { level: 1 }).length / count);
  print(
    `${side} x ${side}`,
    side ** 2,
    bytes.toFixed(1),
    ((bytes * count) / 1e6).toFixed(1),
    spread(inserts),
    spread(reads),
    (packed.reduce((sum, size) => sum + size, 0) / epochs / side ** 2).toFixed(2),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'afterimage-bench-'));
printHead(
  ...['map', 'cells', 'bytes per image and epoch', 'MB per epoch of 10,000'],
  ...['insert, ms', 'one image, ms', 'gzip 1 of the cells'],
);
for (const side of [7, 14, 28, 56]) measure(folder, side);
rmSync(folder, { recursive: true });
console.log(
  `\nload ${loadavg()
    .map((value) => value.toFixed(1))
    .join(' ')}`,
);
