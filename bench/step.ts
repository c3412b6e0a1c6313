/**
 * Training steps on an engine: `node bench/step.ts --engine native --threads 2 --batch 64`, of paper-cnn or
 * another `--model`, its settings as `--set depth=8`.
 * Prints one JSON document like bench/pytorch_step.py: images per second under C and R, how much longer
 * a step of R takes (median over pairs of blocks of steps, next to each other in time), and the share
 * of the time that is spent outside the engine (batches, reading the terms).
 */
import { parseArgs } from 'node:util';
import { TrainingSession, type TrainingStep } from '../src/main/learning/session.ts';
import { openEngine } from '../src/main/learning/openEngine.ts';
import type { Engine } from '../src/main/learning/engine/engine.ts';
import { findCurrentEngine } from '../src/main/engines/layout.ts';
import { chooseDataDir } from '../src/main/cli/dataDir.ts';
import type { DatasetContent } from '../src/core/formats/datasetFile.ts';
import { expandOverrides } from '../src/core/config/configOverrides.ts';
import { presets } from '../src/core/config/presets.ts';
import { Random } from '../src/core/random.ts';
import type { EngineName } from '../src/core/records.ts';
import { percentile } from './measure.ts';

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
/** How long a call of the trainer's takes, ms. */
const callMs = 40;
const batchSize = Number(values.batch);
const seconds = Number(values.seconds);

/** Noise in the shape of MNIST: a step takes as long on it. */
function makeImages(count: number): DatasetContent['train'] {
  const random = Random.fromSeed(1);
  const images = Uint8Array.from({ length: count * 784 }, () => random.uniform(0, 256));
  return { images, labels: Uint8Array.from({ length: count }, (_, i) => i % 10) };
}

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

interface Training {
  /** As many steps as a call takes -> how many. */
  train: () => number;
  /** Time inside the engine so far. */
  elapsedMs: () => number;
  close: () => void;
}

function startTraining(engine: Engine, paradigm: 'C' | 'R'): Training {
  const images = makeImages(20 * batchSize);
  const dataset: DatasetContent = {
    imageSize: 28,
    channels: 1,
    classNames: Array.from('0123456789'),
    mean: 0.1307,
    standardDeviation: 0.3081,
    train: images,
    test: images,
  };
  const timed = stopwatch(engine);
  const base = { name: 'It', config: presets[paradigm === 'C' ? 'mnist-c' : 'mnist-r'] };
  // Batches of another size than the configuration's are rare to a run, and nothing compiles for them.
  const set = [`model=${values.model}`, `batchSize=${batchSize}`, ...values.set];
  const [[variant] = []] = expandOverrides([base], set);
  const session = new TrainingSession(timed.engine, variant?.config ?? base.config, dataset);
  session.writeState(session.initialState(Random.fromSeed(1)));
  const order = Uint32Array.from({ length: 20 * batchSize }, (_, i) => i);
  let [step, atOnce] = [0, 1];
  const next = (): TrainingStep => {
    const start = (step % 20) * batchSize;
    const place = { seed: 1, epoch: 1, step };
    step += 1;
    const scalars = session.optimizer.scalarsAt(1e-3, step);
    return { indices: order.subarray(start, start + batchSize), place, scalars };
  };
  const train = (): number => session.train(Array.from({ length: atOnce }, next)).length;
  while (step < 10) train();
  const began = performance.now();
  while (step < 20) train();
  // As the trainer does it.
  const most = session.stepsAtOnce(64);
  const fitting = Math.round((10 * callMs) / (performance.now() - began));
  atOnce = engine.fullCalls ? most : Math.max(1, Math.min(most, fitting));
  const close = (): void => {
    session.close();
  };
  return { train, elapsedMs: timed.elapsedMs, close };
}

/** Milliseconds a step. */
interface Block {
  elapsed: number;
  inside: number;
}

const stepsPerBlock = Math.max(1, Math.round(320 / batchSize));

function runBlock({ train, elapsedMs }: Training): Block {
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
const trainings = [startTraining(engine, 'C'), startTraining(engine, 'R')] as const;
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
