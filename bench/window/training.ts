/**
 * What the window and training cost each other: `npx node bench/window/training.ts [--engines DIR]`
 * (about 4 min). Two runs train, one per core, while the window is closed, shows one of them, and
 * shows the table of 1,000 runs, in turns, so that what else the machine does meets all alike. With
 * --engines, the folder `engines` of another data folder, on the native engine. Figures:
 * bench/window.md.
 */
import { changeSettings } from '../../src/core/config/settingValues.ts';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { presets } from '../../src/core/config/presets.ts';
import { newRunSchema } from '../../src/shared/contract.ts';
import { installLiveMeter, readLivePoints } from '../../test/support/liveMeter.ts';
import type { LivePoint } from '../../test/support/liveMeter.ts';
import { percentile, print, printHead, printMachine, spread } from '../measure.ts';
import { fillFolder } from './folder.ts';
import type { Meter } from './meter.ts';
import { openMeasuredPage } from './page.ts';
import type { LoopReport, TrainerNote } from './probe.ts';
import { readDescendants } from './processes.ts';
import { startMeasuredServer } from './server.ts';
import type { MeasuredServer } from './server.ts';

declare const meter: Meter;

const { values } = parseArgs({
  options: {
    engines: { type: 'string' },
    rounds: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '14' },
  },
});
const segmentMs = Number(values.seconds) * 1000;
/** Until a page that was just opened is at rest. */
const settleMs = 3000;
const batchSize = 64;

/** What the window shows. */
type Showing = 'closed' | 'the run' | 'the table';

/** One stretch of time in one state. */
interface Segment {
  showing: Showing;
  /** Trained per second of the trainers' processor time, and per second of the clock. */
  imagesPerCpuSecond: number;
  imagesPerSecond: number;
  /** Share of all cores that browser and server took. */
  taken: number;
  loop: LoopReport;
  longTasks: number[];
  livePoints: LivePoint[];
}

const folder = mkdtempSync(join(tmpdir(), 'afterimage-bench-'));
const dataDir = join(folder, 'data');
const notesDir = join(folder, 'notes');
mkdirSync(notesDir);

const readNotes = (): TrainerNote[] =>
  readdirSync(notesDir).flatMap((name) =>
    readFileSync(join(notesDir, name), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as TrainerNote),
  );

/** Images trained between the notes of each run, and the processor time for them, in seconds. */
function sumTraining(notes: readonly TrainerNote[]): { images: number; cpuSeconds: number } {
  const sums = { images: 0, cpuSeconds: 0 };
  for (const runNotes of Map.groupBy(notes, ({ runId }) => runId).values()) {
    for (const [i, note] of runNotes.entries()) {
      const before = runNotes[i - 1];
      const isNext = before?.phase === 'training' && note.phase === 'training';
      if (!isNext || before.epoch !== note.epoch) continue;
      sums.images += (note.step - before.step) * batchSize;
      sums.cpuSeconds += (note.cpuMs - before.cpuMs) / 1000;
    }
  }
  return sums;
}

/** Processor time of all below this process but the trainers: server and browser, ms. */
function readTaken(): Map<number, number> {
  const trainers = new Set(readdirSync(notesDir).map((name) => Number(/\d+/.exec(name)?.[0] ?? 0)));
  return new Map([...readDescendants(process.pid)].filter(([pid]) => !trainers.has(pid)));
}

async function measureSegment(
  showing: Showing,
  page: Page,
  { url, probe }: MeasuredServer,
  runId: string,
): Promise<Segment> {
  const paths = { closed: 'about:blank', 'the run': `/runs/${runId}`, 'the table': '/' };
  const path = paths[showing];
  await page.goto(showing === 'closed' ? path : new URL(path, url).href);
  await wait(settleMs);
  await page.evaluate(() => {
    meter.longTasks = [];
  });
  await probe();
  const [began, before] = [performance.timeOrigin + performance.now(), readTaken()];
  await wait(segmentMs);
  const [ended, after] = [performance.timeOrigin + performance.now(), readTaken()];
  const loop = await probe();
  const notes = readNotes().filter(({ at }) => at >= began && at <= ended);
  const { images, cpuSeconds } = sumTraining(notes);
  const takenMs = [...after].reduce((sum, [pid, ms]) => sum + ms - (before.get(pid) ?? 0), 0);
  return {
    showing,
    imagesPerCpuSecond: images / cpuSeconds,
    imagesPerSecond: (images / (ended - began)) * 1000,
    taken: takenMs / (ended - began) / availableParallelism(),
    loop,
    longTasks: await page.evaluate(() => meter.longTasks),
    livePoints: showing === 'the run' ? await readLivePoints(page) : [],
  };
}

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

function describe(numbers: readonly number[], digits: number): string {
  const average = mean(numbers);
  const deviation = Math.sqrt(
    numbers.reduce((sum, value) => sum + (value - average) ** 2, 0) / (numbers.length - 1),
  );
  return `${average.toFixed(digits)} ± ${deviation.toFixed(digits)}`;
}

function reportCosts(segments: readonly Segment[]): void {
  printHead(
    'The window',
    'cores’ time taken by browser and server, %',
    'images per second of the trainers’ CPU',
    'images per second of the clock',
    'longest task of the page, ms',
    'server’s loop late, ms, p99 / max',
    'its longest turn, ms of CPU',
  );
  for (const [showing, own] of Map.groupBy(segments, (segment) => segment.showing)) {
    const pick = (value: (segment: Segment) => number): number[] => own.map(value);
    const longest = Math.max(0, ...own.flatMap(({ longTasks }) => longTasks));
    print(
      showing,
      describe(
        pick(({ taken }) => taken * 100),
        2,
      ),
      describe(
        pick(({ imagesPerCpuSecond }) => imagesPerCpuSecond),
        0,
      ),
      describe(
        pick(({ imagesPerSecond }) => imagesPerSecond),
        0,
      ),
      longest === 0 ? 'none of 50' : longest.toFixed(0),
      `${percentile(
        pick(({ loop }) => loop.lateP99),
        0.5,
      ).toFixed(1)} / ${Math.max(...pick(({ loop }) => loop.lateMax)).toFixed(0)}`,
      Math.max(...pick(({ loop }) => loop.longestTurn)).toFixed(0),
    );
  }
}

/** The run's slow-down: what the window takes of the cores, and what a second of CPU is worth less. */
function reportSlowDown(segments: readonly Segment[]): void {
  const of = (showing: Showing): Segment[] =>
    segments.filter((segment) => segment.showing === showing);
  printHead('Slow-down of the runs, %', 'by the time taken', 'by the time’s worth', 'both');
  for (const showing of ['the run', 'the table'] as const) {
    const taken = of(showing).map((own, i) => own.taken - (of('closed')[i]?.taken ?? 0));
    const worth = of(showing).map(
      (own, i) => 1 - own.imagesPerCpuSecond / (of('closed')[i]?.imagesPerCpuSecond ?? 0),
    );
    const both = taken.map((share, i) => share + (worth[i] ?? 0));
    const cells = [taken, worth, both].map((shares) =>
      describe(
        shares.map((share) => share * 100),
        2,
      ),
    );
    print(`window shows ${showing}`, ...cells);
  }
}

function reportLivePoints(segments: readonly Segment[], runId: string): void {
  const sent = new Map(
    readNotes()
      .filter((note) => note.type === 'epoch' && note.runId === runId)
      .map(({ epoch, at }) => [epoch, at]),
  );
  const points = segments.flatMap(({ livePoints }) => livePoints);
  const stretches = points.flatMap(({ epoch, heardAt, paintedAt }) => {
    const at = sent.get(epoch);
    return at === undefined ? [] : [{ stored: heardAt - at, all: paintedAt - at }];
  });
  printHead('Live points', 'epochs', 'ms, p50 / p95', 'longest');
  for (const [name, part] of [
    ['sent by the trainer to received by the page', 'stored'],
    ['sent by the trainer to painted', 'all'],
  ] as const) {
    const lengths = stretches.map((stretch) => stretch[part]);
    print(name, lengths.length, spread(lengths), Math.max(...lengths).toFixed(0));
  }
}

await fillFolder(dataDir, { runs: 1000, epochs: 30, exampleEpochs: 0 });
if (values.engines !== undefined) symlinkSync(values.engines, join(dataDir, 'engines'));
const server = await startMeasuredServer(dataDir, { AFTERIMAGE_BENCH_NOTES: notesDir });
const { page, close } = await openMeasuredPage(server);
await installLiveMeter(page);
try {
  const small = {
    'data.trainExamples': 2000,
    'data.testExamples': 2000,
    'training.epochs': 500,
    'training.patience': null,
    'training.batchSize': batchSize,
  };
  const names = ['mnist-c', 'mnist-r'] as const;
  const created = await server.client.runs.create({
    engine: values.engines === undefined ? 'wasm' : 'native',
    runs: names.map((name) =>
      newRunSchema.parse({
        name,
        experiment: 'bench',
        config: changeSettings(presets[name], small),
        seed: 1,
      }),
    ),
  });
  const runId = created[1]?.id ?? '';
  while (readNotes().filter(({ phase }) => phase === 'training').length < 20) await wait(500);
  printMachine();
  const segments: Segment[] = [];
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const showing of ['closed', 'the run', 'the table'] as const) {
      segments.push(await measureSegment(showing, page, server, runId));
    }
  }
  reportCosts(segments);
  reportSlowDown(segments);
  reportLivePoints(segments, runId);
} finally {
  await close();
  await server.stop();
  rmSync(folder, { recursive: true });
}
console.log('');
printMachine();
