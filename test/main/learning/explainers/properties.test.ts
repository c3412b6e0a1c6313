import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import type { SettingValue } from '../../../../src/core/config/settings.ts';
import { optionSettings, readOptions } from '../../../../src/core/explainers/options.ts';
import { explainersOf } from '../../../../src/core/explainers/registry.ts';
import {
  defaultTargetLayer,
  describeModel,
  describeNetwork,
} from '../../../../src/core/models/network.ts';
import { listCnnLayers } from '../../../../src/core/models/paperCnn.ts';
import { Random } from '../../../../src/core/random.ts';
import type { Engine } from '../../../../src/main/learning/engine/engine.ts';
import { openWasmEngine } from '../../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { openExplainable } from '../../../../src/main/learning/explainers/explainable.ts';
import { initializeParameters } from '../../../../src/main/learning/model/parameters.ts';
import { fitShapley } from '../../../../src/main/learning/explainers/kernelShap.ts';
import { layerGradientMaps } from '../../../../src/main/learning/explainers/layerGradientMaps.ts';
import type { Question } from '../../../../src/main/learning/explainers/method.ts';
import { explainBy } from '../../../../src/main/learning/explainers/registry.ts';
import { explainerCases, openGolden } from '../../../support/explainerGolden.ts';
import { relativeError } from '../../../support/golden.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openWasmEngine();
});

const golden = explainerCases[0] as (typeof explainerCases)[number];
const image = Float32Array.from(golden.image.flat());
const ask = (seed: number): Question => ({
  ...{ image, targetClass: golden.targetClass, random: Random.fromSeed(seed) },
  background: Float32Array.from(golden.background?.flat(2) ?? []),
});
const openTiny = () => {
  const { explainable, close } = openGolden(engine, golden);
  onTestFinished(close);
  return explainable;
};

it('HiResCAM, XGrad-CAM and Grad-CAM are one where a gradient does not vary over its channel', () => {
  const activations = tf.randomUniform<tf.Rank.R4>([2, 3, 3, 4], 0, 1, 'float32', 7);
  const slopes = tf.tensor2d([[1, -2, 0.5, 3]]).reshape([4, 1]);
  const head = (a: tf.Tensor4D): tf.Tensor2D => tf.matMul(tf.mean(a, [1, 2]), slopes);
  const targets = tf.ones<tf.Rank.R2>([2, 1]);
  const mapBy = (name: keyof typeof layerGradientMaps): Float32Array =>
    layerGradientMaps[name]({ ops: engine.ops, activations, head, targets }).dataSync<'float32'>();
  const expected = [...mapBy('gradcam')];
  expect(Math.max(...expected)).toBeGreaterThan(0.1);
  expect(relativeError(mapBy('hirescam'), expected)).toBeLessThan(1e-5);
  expect(relativeError(mapBy('xgradcam'), expected)).toBeLessThan(1e-5);
});

it.each([
  ['smoothgrad', { samples: 8 }],
  ['gradient-shap', { samples: 8 }],
  ['rise', { samples: 8 }],
  ['lime', { samples: 40 }],
  ['kernel-shap', { samples: 90 }],
] as const)('%s draws by its seed alone', (name, given) => {
  const network = openTiny();
  const compute = explainBy[name] as (typeof explainBy)['rise'];
  const map = (seed: number): string =>
    String(compute(network, ask(seed), readOptions(name, given) as never));
  expect(map(3)).toBe(map(3));
  expect(map(4)).not.toBe(map(3));
});

it('sampled Shapley values add up, and come near the exact ones', () => {
  const network = openTiny();
  const options = { segments: 'grid', count: 9, score: 'logit', baseline: 'mean' } as const;
  const exact = explainBy['kernel-shap'](network, ask(1), { ...options, samples: 600 });
  const sampled = explainBy['kernel-shap'](network, ask(1), { ...options, samples: 400 });
  // Cells of 3, 3 and 2 pixels a side: one pixel of each.
  const corners = [0, 3, 6].flatMap((y) => [0, 3, 6].map((x) => y * 8 + x));
  const total = (map: Float32Array): number => corners.reduce((sum, i) => sum + (map[i] ?? 0), 0);
  const at = (values: Float32Array): number =>
    network.logits(values)[golden.targetClass] ?? Number.NaN;
  const gain = at(image) - at(image.map(() => golden.mean));
  expect(total(exact)).toBeCloseTo(gain, 4);
  expect(total(sampled)).toBeCloseTo(gain, 4);
  expect(relativeError(sampled, [...exact])).toBeLessThan(0.15);
  expect(String(sampled)).not.toBe(String(exact));
});

it('Shapley values are not guessed from combinations that do not tell segments apart', () => {
  const twice = [Uint8Array.of(1, 0, 0), Uint8Array.of(0, 1, 1)];
  expect(fitShapley(twice, [1, 1], [1, 2], 3)).toBe(null);
});

it('every method gives one value a pixel of colour images, and sums over the channels', () => {
  const sizes = { imageSize: 8, channels: 3 };
  const specs = listCnnLayers({ channels: [2, 3], hidden: 5, classes: 3 });
  const model = describeNetwork(specs, sizes);
  const normalization = { mean: [0.2, 0.4, 0.3], standardDeviation: [0.3, 0.2, 0.25] };
  const parts = { engine, model, targetLayer: 'relu2', normalization };
  const { explainable, setWeights, close } = openExplainable(parts);
  onTestFinished(close);
  const random = Random.fromSeed(8);
  setWeights([
    initializeParameters(model.parameters, random).map((value) => 3 * value),
    initializeParameters(model.statistics, random),
  ]);
  const colours = Float32Array.from({ length: 8 * 8 * 3 }, () => random.uniform());
  const question = (): Question => ({
    ...{ image: colours, background: colours.map((v) => v / 2), targetClass: 1 },
    random: Random.fromSeed(1),
  });
  const small: Record<string, SettingValue> = { samples: 40, count: 4, steps: 3000 };
  const maps = explainersOf({ name: 'paper-cnn' }).map((name): [string, Float32Array] => {
    const own = Object.entries(small).filter(([key]) => optionSettings(name).has(key));
    const compute = explainBy[name] as (typeof explainBy)['rise'];
    const options = readOptions(name, Object.fromEntries(own)) as never;
    return [name, compute(explainable, question(), options)];
  });
  for (const [name, map] of maps) {
    expect(map, name).toHaveLength(64);
    expect(map.every(Number.isFinite), name).toBe(true);
  }
  const at = (values: Float32Array): number => explainable.logits(values)[1] ?? Number.NaN;
  const gain = at(colours) - at(colours.map(() => 0));
  const total = Object.fromEntries(maps)['integrated-gradients']?.reduce((a, b) => a + b, 0);
  expect(Math.abs((total ?? 0) - gain)).toBeLessThan(0.02 * Math.abs(gain));
});

it('relevance is conserved through sums, pools and short cuts where nothing has a bias', () => {
  const model = describeModel({ name: 'resnet' }, { imageSize: 16, channels: 3 }, 4);
  const normalization = { mean: 0.4, standardDeviation: 0.3 };
  const targetLayer = defaultTargetLayer({ name: 'resnet' });
  const { explainable, setWeights, close } = openExplainable({
    ...{ engine, model, targetLayer, normalization },
  });
  onTestFinished(close);
  const random = Random.fromSeed(2);
  const biases = model.parameters.map((spec) =>
    spec.name.endsWith('bias')
      ? { ...spec, initial: { kind: 'constant' as const, value: 0 } }
      : spec,
  );
  setWeights([
    initializeParameters(biases, random),
    initializeParameters(model.statistics, random),
  ]);
  const picture = Float32Array.from({ length: 16 * 16 * 3 }, () => random.uniform());
  const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
  for (const rule of ['epsilon', 'composite'] as const) {
    const logit = explainable.logits(picture)[2] ?? Number.NaN;
    const { image: back, layer } = explainable.relevance(picture, 2, { rule, channel: null });
    expect(Math.abs(logit)).toBeGreaterThan(0.01);
    expect(Math.abs(sum(layer) - logit)).toBeLessThan(0.01 * Math.abs(logit));
    expect(Math.abs(sum(back) - logit)).toBeLessThan(0.02 * Math.abs(logit));
  }
});

it.each(['conv2', 'relu2'])(
  'relevance through each channel of %s adds up to all of it',
  (targetLayer) => {
    const specs = listCnnLayers({ channels: [2, 3], hidden: 5, classes: 3 });
    const model = describeNetwork(specs, { imageSize: 8 });
    const normalization = { mean: 0.2, standardDeviation: 0.3 };
    const parts = { engine, model, targetLayer, normalization };
    const { explainable, setWeights, close } = openExplainable(parts);
    onTestFinished(close);
    const random = Random.fromSeed(8);
    setWeights([
      initializeParameters(model.parameters, random),
      initializeParameters(model.statistics, random),
    ]);
    const picture = Float32Array.from({ length: 64 }, () => random.uniform());
    const through = (channel: number | null): Float32Array =>
      explainable.relevance(picture, 1, { rule: 'composite', channel }).image;
    const [a, b, c] = [0, 1, 2].map(through) as [Float32Array, Float32Array, Float32Array];
    const sums = a.map((value, i) => value + (b[i] ?? 0) + (c[i] ?? 0));
    expect(relativeError(sums, [...through(null)])).toBeLessThan(1e-5);
  },
);

it('relevance refuses a network that has a layer without a rule, by its kind', () => {
  const model = describeModel({ name: 'convnext' }, { imageSize: 32 }, 3);
  const targetLayer = defaultTargetLayer({ name: 'convnext' });
  const normalization = { mean: 0, standardDeviation: 1 };
  const { explainable, setWeights, close } = openExplainable({
    ...{ engine, model, targetLayer, normalization },
  });
  onTestFinished(close);
  const random = Random.fromSeed(2);
  setWeights([
    initializeParameters(model.parameters, random),
    initializeParameters(model.statistics, random),
  ]);
  const ask = (): unknown =>
    explainable.relevance(new Float32Array(32 * 32), 0, { rule: 'epsilon', channel: null });
  expect(ask).toThrow(/no rule for the layers of kind (layerNorm|depthwise|gelu)/);
});
