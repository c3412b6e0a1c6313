/**
 * The training step on the embedded engine, side by side in one process: tfjs's own kernels, ours with
 * paradigm C, ours with paradigm R. Rounds alternate, so that a busy machine slows all three alike.
 *
 * node bench/wasmStep.ts [--rounds N] [--batch N] [--profile] [--shares]
 */
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { EagerProgram, type Runner } from '../src/main/learning/engine/eagerProgram.ts';
import { composedOps, type Ops } from '../src/main/learning/engine/ops.ts';
import { createRecorder } from '../src/main/learning/engine/wasm/kernelRecording.ts';
import type { WasmBackend } from '../src/main/learning/engine/wasm/module/instance.ts';
import { registerKernels } from '../src/main/learning/engine/wasm/wasmEngine.ts';
import { wasmOps } from '../src/main/learning/engine/wasm/wasmOps.ts';
import { describeModel } from '../src/core/models/network.ts';
import { initializeParameters } from '../src/main/learning/model/parameters.ts';
import { buildObjective } from '../src/main/learning/objective/buildObjective.ts';
import { buildOptimizer } from '../src/main/learning/optimizer/optimizer.ts';
import { buildTrainStep, stateSizes } from '../src/main/learning/step.ts';
import { presets } from '../src/core/config/presets.ts';
import { Random } from '../src/core/random.ts';
import { measureShares } from './wasmShares.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '8' },
    batch: { type: 'string', default: '64' },
    profile: { type: 'boolean', default: false },
    shares: { type: 'boolean', default: false },
  },
});
const [rounds, batch] = [Number(options.rounds), Number(options.batch)];
const stepsPerRound = 4;
const backendName = 'wasm';

/** Every kernel of the backend, by name. */
type KernelTable = Map<string, tf.KernelConfig>;
const readKernels = (): KernelTable =>
  new Map(tf.getKernelsForBackend(backendName).map((kernel) => [kernel.kernelName, kernel]));

function useKernels(table: KernelTable): void {
  for (const [name, kernel] of readKernels()) {
    if (table.get(name) !== kernel) tf.unregisterKernel(name, backendName);
  }
  const present = readKernels();
  for (const [name, kernel] of table) if (!present.has(name)) tf.registerKernel(kernel);
}

/** What tfjs lacks, from what it has: the convolution of transposed tensors. 3x3 'same' only. */
function composeFilterGradient(x: tf.Tensor4D, dy: tf.Tensor4D): tf.Tensor {
  return tf.tidy(() => {
    const images = tf.transpose(
      tf.pad(x, [
        [0, 0],
        [1, 1],
        [1, 1],
        [0, 0],
      ]),
      [3, 1, 2, 0],
    );
    const kernels = tf.transpose(dy, [1, 2, 0, 3]);
    return tf.transpose(tf.conv2d(images, kernels, 1, 'valid'), [1, 2, 0, 3]);
  });
}

function registerStockFilterGradient(): void {
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName,
    kernelFunc: ({ inputs }) =>
      composeFilterGradient(inputs['x'] as tf.Tensor4D, inputs['dy'] as tf.Tensor4D),
  });
}

const stockOps: Ops = {
  ...composedOps,
  maxPool2x2: (x) => tf.maxPool(x, 2, 2, 'valid'),
};

const model = describeModel({ name: 'paper-cnn' }, { imageSize: 28 }, 10);

/** A network in training on one batch, whose values do not matter. */
function buildTraining(preset: 'mnist-c' | 'mnist-r', ops: Ops, runner?: Runner): () => number {
  const config = presets[preset];
  const optimizer = buildOptimizer(config.optimizer);
  const train = buildTrainStep({
    model,
    objective: buildObjective(ops, config),
    optimizer,
    targetLayer: config.cam.targetLayer,
    normalization: { mean: 0.1307, standardDeviation: 0.3081 },
    ops,
  });
  const program = new EagerProgram({ train }, runner);
  const labels = Array.from({ length: batch }, (_, i) => i % 10);
  const fixed = [
    tf.randomUniform([batch, 28, 28], 0, 1, 'float32', 1),
    tf.tidy(() => tf.cast(tf.oneHot(labels, 10), 'float32')),
    tf.tidy(() =>
      tf.mul(
        2,
        tf.cast(tf.greater(tf.randomUniform([batch, 1152], 0, 1, 'float32', 2), 0.5), 'float32'),
      ),
    ),
  ];
  const [, ...others] = stateSizes(model, optimizer);
  program.writeState([
    initializeParameters(model.parameters, Random.fromSeed(1)),
    ...others.map((size) => new Float32Array(size)),
  ]);
  let count = 0;
  return () => {
    count += 1;
    const scalars = optimizer
      .scalarsAt(config.optimizer.learningRate, count)
      .map((value) => tf.scalar(value));
    const outputs = program.run('train', [...fixed, ...scalars]);
    const [loss = Number.NaN] = outputs[0]?.dataSync() ?? [];
    tf.dispose([...outputs, ...scalars]);
    return loss;
  };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

interface Contestant {
  name: string;
  kernels: KernelTable;
  run: () => number;
  durationsMs: number[];
}

function race(contestants: readonly Contestant[]): void {
  for (let round = 0; round <= rounds; round += 1) {
    for (const { kernels, run, durationsMs } of contestants) {
      useKernels(kernels);
      for (let step = 0; step < stepsPerRound; step += 1) {
        const start = performance.now();
        run();
        // The first round compiles.
        if (round > 0) durationsMs.push(performance.now() - start);
      }
    }
  }
}

/** Median milliseconds of each kernel per step, the most expensive first. */
function profile({ name, kernels, run }: Contestant, steps = 20): void {
  const perStep = new Map<string, number[]>();
  let current = new Map<string, number>();
  const timed = new Map(
    [...kernels].map(([kernelName, kernel]) => {
      const kernelFunc: tf.KernelFunc = (call) => {
        const start = performance.now();
        const output = kernel.kernelFunc(call);
        const shapes = Object.values(call.inputs).map((tensor) => tensor?.shape.join('x'));
        const key = `${kernelName} ${shapes.slice(0, 3).join(' ')}`;
        current.set(key, (current.get(key) ?? 0) + performance.now() - start);
        return output;
      };
      return [kernelName, { ...kernel, kernelFunc }];
    }),
  );
  useKernels(timed);
  for (let step = 0; step < steps; step += 1) {
    current = new Map();
    run();
    for (const [key, ms] of current) perStep.set(key, [...(perStep.get(key) ?? []), ms]);
  }
  const rows = [...perStep].map(([key, all]) => ({ key, ms: median(all) }));
  console.log(`\n${name}: ms per step, by kernel and shapes`);
  for (const { key, ms } of rows.sort((a, b) => b.ms - a.ms).slice(0, 24)) {
    console.log(`${ms.toFixed(2).padStart(8)}  ${key}`);
  }
}

await tf.setBackend(backendName);
registerStockFilterGradient();
const stockKernels = readKernels();
registerKernels();
const ourKernels = readKernels();
/** As the engine runs functions. */
const record = (): Runner => createRecorder(tf.backend() as unknown as WasmBackend);

const stock: Contestant = {
  name: 'tfjs C',
  kernels: stockKernels,
  run: buildTraining('mnist-c', stockOps),
  durationsMs: [],
};
const oursC: Contestant = {
  name: 'ours C',
  kernels: ourKernels,
  run: buildTraining('mnist-c', wasmOps, record()),
  durationsMs: [],
};
const oursR: Contestant = {
  name: 'ours R',
  kernels: ourKernels,
  run: buildTraining('mnist-r', wasmOps, record()),
  durationsMs: [],
};
const contestants = [stock, oursC, oursR];
race(contestants);
for (const { name, durationsMs } of contestants) {
  const ms = median(durationsMs);
  const least = Math.min(...durationsMs);
  const speed = `${((1000 * batch) / ms).toFixed(0)} images/s`;
  console.log(`${name}: ${speed} (step: median ${ms.toFixed(1)} ms, least ${least.toFixed(1)} ms)`);
}
const ratio = (a: Contestant, b: Contestant): string =>
  (median(a.durationsMs) / median(b.durationsMs)).toFixed(2);
const leastRatio = (a: Contestant, b: Contestant): string =>
  (Math.min(...a.durationsMs) / Math.min(...b.durationsMs)).toFixed(2);
console.log(
  `ours C over tfjs C: ${ratio(stock, oursC)} times as fast (least: ${leastRatio(stock, oursC)})`,
);
console.log(`step time R / C: ${ratio(oursR, oursC)} (least: ${leastRatio(oursR, oursC)})`);
if (options.profile) for (const contestant of contestants) profile(contestant);
if (options.shares) {
  useKernels(ourKernels);
  for (const { name, run } of [oursC, oursR]) {
    const [one, two] = [measureShares(run, 1, 40), measureShares(run, 2, 40)];
    const [before, after] = [one.stepOn(1), two.stepOn(2)];
    console.log(
      `${name}: ${two.serial.toFixed(1)} ms on one thread and ${two.jobs} shared jobs; step ${before.toFixed(1)} ms on one, ${after.toFixed(1)} on two (${(before / after).toFixed(2)} times as fast)`,
    );
  }
}
