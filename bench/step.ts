/**
 * Training steps on an engine: `node bench/step.ts --engine native --threads 2 --batch 64`, of paper-cnn or
 * another `--model`, its settings as `--set depth=8`.
 * Prints one JSON document like bench/pytorch_step.py: images per second under C and R, how much longer
 * a step of R takes (median over pairs of blocks of steps, next to each other in time), and the share
 * of the time that is spent outside the engine (batches, reading the terms).
 */
import { parseArgs } from 'node:util';
import { openEngine } from '../src/main/learning/openEngine.ts';
import type { Engine } from '../src/main/learning/engine/engine.ts';
import { findCurrentEngine } from '../src/main/engines/layout.ts';
import { chooseDataDir } from '../src/main/cli/dataDir.ts';
import type { EngineName } from '../src/core/records.ts';
import { percentile } from './measure.ts';
import { startTraining, type Training } from './training.ts';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'wasm' },
    threads: { type: 'string', default: '1' },
    batch: { type: 'string', default: '64' },
    seconds: { type: 'string', default: '10' },
    model: { type: 'string', default: 'paper-cnn' },
    set: { type: 'string', multiple: true, default: [] },
    'data-dir': { type: 'string' },
  },
});
const batchSize = Number(values.batch);
const seconds = Number(values.seconds);

/** The engine with the time that its functions take added up. */
function stopwatch(engine: Engine): { engine: Engine; elapsedMs: () => number } {
  let elapsed = 0;
  const load: Engine['load'] = (functions, stateSizes) => {
    const program = engine.load(functions, stateSizes);
    const repeat: typeof program.repeat = (...given) => {
      const began = performance.now();
      const rows = program.repeat(...given);
      elapsed += performance.now() - began;
      return rows;
    };
    return {
      run: (name, inputs) => program.run(name, inputs),
      repeat,
      readState: () => program.readState(),
      writeState: (state) => {
        program.writeState(state);
      },
      close: () => {
        program.close();
      },
    };
  };
  return { engine: { ...engine, load }, elapsedMs: () => elapsed };
}

interface TimedTraining extends Training {
  /** Time inside the engine so far. */
  elapsedMs: () => number;
}

function startTimed(engine: Engine, paradigm: 'C' | 'R'): TimedTraining {
  const timed = stopwatch(engine);
  const settings = [`model=${values.model}`, ...values.set];
  const training = startTraining(timed.engine, paradigm, batchSize, settings);
  return { ...training, elapsedMs: timed.elapsedMs };
}

/** Milliseconds a step. */
interface Block {
  elapsed: number;
  inside: number;
}

const stepsPerBlock = Math.max(1, Math.round(320 / batchSize));

function runBlock({ train, elapsedMs }: TimedTraining): Block {
  const [began, insideBefore] = [performance.now(), elapsedMs()];
  let steps = 0;
  while (steps < stepsPerBlock) steps += train();
  return {
    elapsed: (performance.now() - began) / steps,
    inside: (elapsedMs() - insideBefore) / steps,
  };
}

const total = (blocks: readonly Block[], key: keyof Block): number =>
  blocks.reduce((sum, block) => sum + block[key], 0);
const speedOf = (blocks: readonly Block[]): number =>
  (blocks.length * batchSize * 1000) / total(blocks, 'elapsed');
const outsideOf = (blocks: readonly Block[]): number =>
  1 - total(blocks, 'inside') / total(blocks, 'elapsed');

const name = values.engine as EngineName;
const installed = await findCurrentEngine(chooseDataDir(values['data-dir']));
const threads = Number(values.threads);
const engineFolder = installed?.folder ?? null;
const engine = await openEngine({ engine: name, engineFolder, threads });
const trainings = [startTimed(engine, 'C'), startTimed(engine, 'R')] as const;
const [c, r]: [Block[], Block[]] = [[], []];
const deadline = performance.now() + 2 * seconds * 1000;
// The machine's speed drifts by more than what R adds, so the two take turns.
while (performance.now() < deadline) {
  c.push(runBlock(trainings[0]));
  r.push(runBlock(trainings[1]));
}
for (const { close } of trainings) close();
const slowDowns = r.map(({ elapsed }, i) => elapsed / (c[i]?.elapsed ?? Number.NaN));
console.log(
  JSON.stringify({
    ...engine.info,
    model: [values.model, ...values.set].join(' '),
    batch: batchSize,
    C: speedOf(c),
    R: speedOf(r),
    slowDown: percentile(slowDowns, 0.5),
    outsideC: outsideOf(c),
    outsideR: outsideOf(r),
  }),
);
