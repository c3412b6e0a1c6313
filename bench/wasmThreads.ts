/**
 * What threads give a run on the embedded engine: `node bench/wasmThreads.ts [--rounds N] [--paradigm C|R]`, with
 * nothing else to do. In turns, a few steps each: one process of one thread, one of two threads, and two of one
 * thread at once, which is the baseline: what the machine gives to two threads that share nothing.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { openWasmEngine } from '../src/main/learning/engine/wasm/wasmEngine.ts';
import { percentile, print, printHead, printMachine, time } from './measure.ts';
import { startTraining } from './training.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    paradigm: { type: 'string', default: 'C' },
    /** What the processes are started with that take turns. */
    serve: { type: 'string' },
  },
});
const paradigm = values.paradigm === 'R' ? 'R' : 'C';
const batchSize = 64;
const stepsPerTurn = 5;

const median = (numbers: readonly number[]): number => percentile(numbers, 0.5);

/** Trains so many steps at each message, and answers with the milliseconds of a median one. */
async function serve(threads: number): Promise<void> {
  const { train } = startTraining(await openWasmEngine(threads), paradigm, batchSize);
  const runTurn = (): number => {
    const durations: number[] = [];
    // The first one finds its data outside the cache.
    train();
    while (durations.length < stepsPerTurn) {
      let steps = 0;
      const elapsed = time(() => (steps = train()));
      durations.push(elapsed / steps);
    }
    return median(durations);
  };
  // The code of a thread that has just started is not compiled yet.
  for (let turn = 0; turn < 6; turn += 1) runTurn();
  process.on('message', () => process.send?.(runTurn()));
  process.send?.('ready');
}

async function start(threads: number): Promise<ChildProcess> {
  const child = fork(import.meta.filename, ['--serve', String(threads), '--paradigm', paradigm]);
  await once(child, 'message');
  return child;
}

/** Milliseconds of a step of a process. */
async function ask(child: ChildProcess): Promise<number> {
  child.send('turn');
  const [ms] = (await once(child, 'message')) as [number];
  return ms;
}

interface Round {
  one: number;
  two: number;
  /** Of two processes together. */
  both: number;
}

async function measure(rounds: number): Promise<Round[]> {
  const [first, second, pair] = [await start(1), await start(1), await start(2)];
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const alone = round % 2 === 0 ? first : second;
    const one = await ask(alone);
    const two = await ask(pair);
    const speeds = (await Promise.all([ask(first), ask(second)])).map((ms) => 1 / ms);
    measured.push({ one, two, both: 1 / speeds.reduce((sum, speed) => sum + speed, 0) });
  }
  for (const child of [first, second, pair]) child.kill();
  return measured;
}

if (values.serve === undefined) {
  const rounds = await measure(Number(values.rounds));
  printMachine();
  printHead(`a step of ${paradigm}, ${rounds.length} rounds`, 'lower quartile', 'median', 'upper');
  const show = (name: string, digits: number, of: (round: Round) => number): void => {
    const numbers = rounds.map(of);
    print(name, ...[0.25, 0.5, 0.75].map((share) => percentile(numbers, share).toFixed(digits)));
  };
  show('one thread, ms', 1, ({ one }) => one);
  show('two threads, ms', 1, ({ two }) => two);
  show('two processes of one thread, ms a step', 1, ({ both }) => both);
  show('two threads against one', 2, ({ one, two }) => one / two);
  show('two processes against one', 2, ({ one, both }) => one / both);
  show('two threads against two processes', 2, ({ two, both }) => both / two);
} else {
  await serve(Number(values.serve));
}
