import { withSettings } from './settings.ts';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { presets } from '../../src/core/config/presets.ts';
import type { Engine, Program } from '../../src/main/learning/engine/engine.ts';
import { buildPredictionStep } from '../../src/main/learning/evaluate.ts';
import { describeNetwork } from '../../src/core/models/network.ts';
import type { ParameterSpec } from '../../src/core/models/layers.ts';
import { listCnnLayers } from '../../src/core/models/paperCnn.ts';
import { nameParameters, totalSize } from '../../src/main/learning/model/parameters.ts';
import { buildObjective } from '../../src/main/learning/objective/buildObjective.ts';
import { buildOptimizer, type Optimizer } from '../../src/main/learning/optimizer/optimizer.ts';
import { buildTrainStep, stateSizes } from '../../src/main/learning/step.ts';
import {
  flatten,
  goldenSteps,
  relativeError,
  type GoldenStepsCase,
  type Nested,
} from './golden.ts';

const { images, labels, weights, batches, masks, cases } = goldenSteps;
export const imageSize = 16;
export const model = describeNetwork(
  listCnnLayers({ channels: [4, 6, 8], hidden: 10, classes: 3 }),
  { imageSize },
);
export const normalization = { mean: 0.1307, standardDeviation: 0.3081 };
/** Of whole steps, single precision against double. */
const tolerance = 1e-4;

const nothing = new Float32Array(0);

type Named = Readonly<Record<string, Nested>>;

export const join = (specs: readonly ParameterSpec[], values: Named): Float32Array =>
  Float32Array.from(specs.flatMap(({ name }) => flatten(values[name] ?? [])));

/** The way back: each vector by its name. */
export const cut = (
  specs: readonly ParameterSpec[],
  flat: Float32Array,
): Map<string, Float32Array> =>
  new Map(
    Object.entries(nameParameters(flat, specs)).map(([name, { values }]) => [
      name,
      values as Float32Array,
    ]),
  );

const configOf = ({
  paradigm,
  targetLayer,
  optimizer,
  camGradient,
  ...golden
}: GoldenStepsCase) => {
  const { camWeight, distanceReduction } = golden;
  const term = paradigm === 'R' ? { camWeight, distanceReduction } : {};
  const changes = { paradigm, targetLayer, optimizer, camGradient, ...term };
  return withSettings(presets['mnist-r'], changes);
};

export const imagesOf = (indices: readonly number[]): tf.Tensor3D =>
  tf.tensor3d(
    indices.flatMap((i) => flatten(images[i] ?? [])),
    [indices.length, imageSize, imageSize],
  );
export const labelsOf = (indices: readonly number[]): tf.Tensor2D =>
  tf.cast(
    tf.oneHot(
      indices.map((i) => labels[i] ?? 0),
      3,
    ),
    'float32',
  ) as tf.Tensor2D;

function load(engine: Engine, golden: GoldenStepsCase): Program<'train' | 'predict'> {
  const config = configOf(golden);
  const { ops } = engine;
  const { targetLayer } = config.cam;
  const optimizer = buildOptimizer(config.optimizer);
  const objective = buildObjective(ops, config);
  const parts = { model, targetLayer, normalization, ops };
  return engine.load(
    {
      train: buildTrainStep({ ...parts, objective, optimizer }),
      predict: buildPredictionStep(parts),
    },
    stateSizes(model, optimizer),
  );
}

/** A convolution's bias before a batch norm: it has no gradient, and Adam blows up the rounding of 0. */
const isShiftedAway = (name: string, { targetLayer, optimizer }: GoldenStepsCase): boolean =>
  /^conv\d\/bias$/.test(name) && optimizer !== 'sgd' && !targetLayer.startsWith(name.slice(0, 5));

interface Trained {
  terms: number[][];
  state: Float32Array[];
  /** Running means less what the convolutions' biases added to them. */
  meansWithoutBias: Map<string, number[]>;
}

/** The golden weights, statistics of no batch yet, and empty slots. */
export const initialState = (optimizer: Optimizer): Float32Array[] => [
  join(model.parameters, weights),
  Float32Array.from(
    model.statistics.flatMap(({ name, shape }) =>
      Array<number>(shape[0] ?? 0).fill(name.endsWith('mean') ? 0 : 1),
    ),
  ),
  ...optimizer.slots.map(() => new Float32Array(totalSize(model.parameters))),
];

function train(program: Program<'train' | 'predict'>, golden: GoldenStepsCase): Trained {
  const optimizer = buildOptimizer(configOf(golden).optimizer);
  const learningRate = golden.optimizer === 'sgd' ? 5e-4 : 1e-3;
  program.writeState(initialState(optimizer));
  const fromBias = new Map<string, number[]>();
  const terms = batches.map((batch, step) => {
    const [state = nothing] = program.readState();
    for (const [name, values] of cut(model.parameters, state)) {
      if (!/^conv\d\/bias$/.test(name)) continue;
      const mean = `bn${name.charAt(4)}/mean`;
      const old = fromBias.get(mean) ?? [];
      fromBias.set(
        mean,
        Array.from(values, (value, i) => 0.9 * (old[i] ?? 0) + 0.1 * value),
      );
    }
    const scalars = optimizer.scalarsAt(learningRate, step + 1).map((value) => tf.scalar(value));
    const mask = tf.tensor2d(flatten(masks[step] ?? []), [batch.length, model.features]);
    const inputs = [imagesOf(batch), labelsOf(batch), mask, ...scalars];
    const outputs = program.run('train', inputs);
    const values = [...(outputs[0]?.dataSync() ?? [])];
    tf.dispose([...inputs, ...outputs]);
    return values;
  });
  const state = program.readState();
  const means = cut(model.statistics, state[1] ?? nothing);
  const meansWithoutBias = new Map(
    [...fromBias].map(([name, shift]) => [
      name,
      Array.from(means.get(name) ?? [], (value, i) => value - (shift[i] ?? 0)),
    ]),
  );
  return { terms, state, meansWithoutBias };
}

function expectTerms(terms: number[][], golden: GoldenStepsCase): void {
  const expected = golden.steps.map(({ loss, crossEntropy, contrastive = 0, correct }) => [
    loss,
    0,
    correct,
    crossEntropy,
    contrastive,
  ]);
  terms.forEach((values, step) => {
    values.forEach((value, i) => {
      const wanted = expected[step]?.[i] ?? Number.NaN;
      const error = Math.abs(value - wanted) / Math.max(1, Math.abs(wanted));
      expect(error, `term ${i} of step ${step}`).toBeLessThan(tolerance);
    });
  });
}

function expectVectors(
  actual: Map<string, ArrayLike<number>>,
  expected: Named,
  what: string,
): void {
  for (const [name, values] of actual) {
    const error = relativeError(values, expected[name] ?? []);
    expect(error, `${what} ${name}`).toBeLessThan(tolerance);
  }
}

const largest = (values: Iterable<number>): number =>
  [...values].reduce((most, value) => Math.max(most, Math.abs(value)), 0);

const subtract = (a: ArrayLike<number>, b: ArrayLike<number>): number[] =>
  Array.from(a, (value, i) => value - (b[i] ?? Number.NaN));

/** Weights differ from PyTorch's by less than 1e-4 of how far the farthest one went. */
function expectWeights(actual: Map<string, Float32Array>, golden: GoldenStepsCase): void {
  const pairs = [...actual]
    .filter(([name]) => !isShiftedAway(name, golden))
    .map(([name, values]) => ({
      name,
      change: largest(subtract(flatten(golden.weights[name] ?? []), flatten(weights[name] ?? []))),
      error: largest(subtract(values, flatten(golden.weights[name] ?? []))),
    }));
  const change = largest(pairs.map((pair) => pair.change));
  for (const { name, error } of pairs) expect(error / change, name).toBeLessThan(tolerance);
}

/**
 * Ten whole steps from the same weights, batches and masks as PyTorch's, and the evaluation after them.
 * `isTried` leaves out cases where an engine is too slow for all.
 */
export function describeSteps(
  getEngine: () => Engine,
  isTried: (golden: GoldenStepsCase) => boolean = () => true,
): void {
  describe('ten steps beside PyTorch’s', () => {
    const named = cases.filter(isTried).map((golden) => ({ ...golden, golden }));
    it.each(named)('$paradigm, $optimizer, $targetLayer, $camGradient', ({ golden }) => {
      const program = load(getEngine(), golden);
      const { terms, state, meansWithoutBias } = train(program, golden);
      expectTerms(terms, golden);
      const [parameters = nothing, statistics = nothing, ...slots] = state;
      expectWeights(cut(model.parameters, parameters), golden);
      expectVectors(meansWithoutBias, golden.meansWithoutBias, 'running');
      const variances = new Map(
        [...cut(model.statistics, statistics)].filter(([name]) => name.endsWith('variance')),
      );
      expectVectors(variances, golden.statistics, 'running');
      Object.values(golden.slots).forEach((expected, i) => {
        const own = cut(model.parameters, slots[i] ?? nothing);
        const compared = [...own].filter(([name]) => !/^conv\d\/bias$/.test(name));
        expectVectors(new Map(compared), expected, `slot ${i}`);
      });
      program.close();
    });

    it('a step that leaves weights which are not finite gives NaN as its loss', () => {
      const golden = cases.find(({ optimizer }) => optimizer === 'sgd') as GoldenStepsCase;
      const program = load(getEngine(), golden);
      program.writeState(initialState(buildOptimizer(configOf(golden).optimizer)));
      const [batch = [], mask = []] = [batches[0], masks[0]];
      const inputs = [
        imagesOf(batch),
        labelsOf(batch),
        tf.tensor2d(flatten(mask), [batch.length, model.features]),
        tf.scalar(Number.POSITIVE_INFINITY),
      ];
      const outputs = program.run('train', inputs);
      const [loss = 0, , , crossEntropy] = outputs[0]?.dataSync() ?? [];
      expect(loss).toBeNaN();
      expect(crossEntropy).toBeCloseTo(golden.steps[0]?.crossEntropy ?? 0, 5);
      tf.dispose([...inputs, ...outputs]);
      program.close();
    });

    it.each(named)(
      'evaluation after $paradigm, $optimizer, $targetLayer, $camGradient',
      (given) => {
        const { golden } = given;
        const program = load(getEngine(), golden);
        const sizes = stateSizes(model, buildOptimizer(configOf(golden).optimizer));
        program.writeState([
          join(model.parameters, golden.weights),
          join(model.statistics, golden.statistics),
          ...sizes.slice(2).map((size) => new Float32Array(size)),
        ]);
        const all = labels.map((_, i) => i);
        const inputs = [imagesOf(all), labelsOf(all)];
        const outputs = program.run('predict', inputs);
        const [probabilities, , camMaps] = outputs.map((tensor) => tensor.dataSync());
        expect(relativeError(probabilities ?? [], golden.probabilities)).toBeLessThan(1e-5);
        expect(relativeError(camMaps ?? [], golden.camMaps)).toBeLessThan(1e-5);
        tf.dispose([...inputs, ...outputs]);
        program.close();
      },
    );
  });
}
