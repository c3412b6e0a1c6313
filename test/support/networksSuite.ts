import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { sizeOf, type LayerSpec, type ParameterSpec } from '../../src/core/models/layers.ts';
import { describeNetwork } from '../../src/core/models/network.ts';
import { listConvnextLayers } from '../../src/core/models/convnext.ts';
import { listPrototypeLayers } from '../../src/core/models/protopnet.ts';
import { modelTerms } from '../../src/core/models/registry.ts';
import { listResnetLayers } from '../../src/core/models/resnet.ts';
import { listSwinLayers } from '../../src/core/models/swin.ts';
import { Random } from '../../src/core/random.ts';
import { computeAlpha, computeCamMap } from '../../src/main/learning/cam/gradCam.ts';
import type { Engine } from '../../src/main/learning/engine/engine.ts';
import { forward, type ForwardResult } from '../../src/main/learning/model/forward.ts';
import { initializeParameters, splitParameters } from '../../src/main/learning/model/parameters.ts';
import { packTerms, readTerms } from '../../src/main/learning/objective/batchTerms.ts';
import { withModelTerms } from '../../src/main/learning/objective/modelTerms.ts';
import type { Objective } from '../../src/main/learning/objective/objective.ts';
import { relativeError } from './golden.ts';

const classes = 3;
const layersOf: Readonly<Record<string, LayerSpec[]>> = {
  'resnet, option A': listResnetLayers({
    ...{ channels: [8, 12], blocksPerStage: 1, shortcut: 'A', classes },
  }),
  'resnet, option B': listResnetLayers({
    ...{ channels: [4, 8], blocksPerStage: 1, shortcut: 'B', classes },
  }),
  convnext: listConvnextLayers({
    ...{ depths: [1, 1], channels: [8, 12], patch: 2, halvings: 1, classes },
  }),
  swin: listSwinLayers({
    ...{ depths: [2, 1], channels: 6, heads: [2, 2], patch: 2, window: 3, classes, imageSize: 10 },
  }),
  prototypes: [
    // Without its pooling and its dense layer.
    ...listResnetLayers({ channels: [6, 8], blocksPerStage: 1, shortcut: 'A', classes }).slice(
      0,
      -2,
    ),
    ...listPrototypeLayers({ channels: 5, prototypesPerClass: 2, classes }),
  ],
};

interface Golden {
  name: string;
  target: string;
  size: number;
  channels: number;
  logits: number[];
  /**
   * Grad-CAM of the label [2, h, w], by layer, and the largest sum of absolute values that a cell adds up,
   * which is what rounding is measured by: the values of both signs may leave little.
   */
  maps: Record<string, { map: number[]; size: number }>;
  loss: number;
  /** Of the terms that the network brings itself; the loss has them by `costWeights`. */
  costs: Record<string, number>;
  gradients: Record<string, number[]>;
}
const goldens = JSON.parse(
  readFileSync(new URL('../golden/networks.json', import.meta.url), 'utf8'),
) as Golden[];
const tolerance = 1e-5;
const costWeights: Readonly<Record<string, number>> = { cluster: 0.8, separation: -0.08 };

const wave = (count: number, number: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * number));

/** `weight` of test/golden/make_networks.py. */
function makeWeight({ name, shape }: ParameterSpec, number: number): number[] {
  const values = wave(sizeOf(shape), number);
  const part = name.slice(name.lastIndexOf('/') + 1);
  if (part === 'gamma' && !name.endsWith('grn/gamma')) return values.map((x) => 1 + 0.3 * x);
  const fanIn = sizeOf(shape.at(-1) === 1 ? shape : shape.slice(0, -1));
  if (part === 'vectors') return values.map((x) => 0.5 + 0.2 * x);
  return values.map((x) => (part === 'kernel' ? Math.sqrt(2 / fanIn) : 0.2) * x);
}

function prepare({ name, size, channels, gradients }: Golden) {
  const model = describeNetwork(layersOf[name] ?? [], { imageSize: size, channels });
  // In the order in which PyTorch's program made them.
  const order = Object.keys(gradients);
  const parameters = tf.tensor1d(
    model.parameters.flatMap((spec) => makeWeight(spec, order.indexOf(spec.name))),
  );
  const pixels = wave(2 * size * size * channels, 1).map((x) => x / 2);
  const images = tf.tensor4d(pixels, [2, size, size, channels]);
  const labels = tf.cast(tf.oneHot([0, 2], classes), 'float32') as tf.Tensor2D;
  return { model, parameters, images, labels };
}

type Prepared = ReturnType<typeof prepare>;

function run(
  engine: Engine,
  { model, images }: Pick<Prepared, 'model' | 'images'>,
  flat: tf.Tensor,
  target: string,
  isTraining: boolean,
): ForwardResult {
  const weights = splitParameters(flat as tf.Tensor1D, model.parameters);
  const unseen = initializeParameters(model.statistics, Random.fromSeed(0));
  const statistics = isTraining ? null : splitParameters(tf.tensor1d(unseen), model.statistics);
  const context = { ops: engine.ops, weights, statistics, dropoutMask: null };
  return forward(model, images, context, target);
}

/** [logits, camMap] at a layer. */
function explain(
  engine: Engine,
  network: Pick<ForwardResult, 'head' | 'activations'>,
  labels: tf.Tensor2D,
) {
  const { alpha, logits } = computeAlpha(network.head, network.activations, () => labels);
  return { logits, camMap: computeCamMap(engine.ops, network.activations, alpha) };
}

/** Cross-entropy plus a tenth of the sums of squares of the maps. */
const squaredMaps = (engine: Engine): Objective => ({
  terms: [],
  needs: [],
  compute(network, { labels }) {
    const { logits, camMap } = explain(engine, network, labels);
    const squares = tf.mean(tf.sum(tf.square(camMap), [1, 2]));
    const entropy = tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), labels), 1)));
    return { loss: tf.add(entropy, tf.mul(squares, 0.1)), terms: {}, logits };
  },
});

/** Runs functions of (parameters, images, labels) as the engine runs a step. */
function compute(
  engine: Engine,
  { parameters, images, labels }: Prepared,
  build: (given: [tf.Tensor1D, tf.Tensor4D, tf.Tensor2D]) => tf.Tensor[],
): Float32Array[] {
  const program = engine.load(
    { build: (given) => ({ outputs: build(given as Parameters<typeof build>[0]) }) },
    [],
  );
  const outputs = program.run('build', [parameters, images, labels]);
  const values = outputs.map((tensor) => tensor.dataSync<'float32'>().slice());
  program.close();
  tf.dispose(outputs);
  return values;
}

/** Logits, maps of every layer and second derivatives beside PyTorch's, on an engine. */
export function describeNetworks(getEngine: () => Engine): void {
  describe.each(goldens)('$name beside PyTorch’s', (golden) => {
    it('gives its logits, and its Grad-CAM wherever there is a map', () => {
      const engine = getEngine();
      const prepared = prepare(golden);
      const { model } = prepared;
      const layers = Object.keys(golden.maps);
      const spatial = model.layers.filter(({ output }) => output.length === 3);
      expect(layers.toSorted()).toEqual(spatial.map(({ spec }) => spec.name).toSorted());
      const results = compute(engine, prepared, ([parameters, images, labels]) =>
        layers.flatMap((layer) => {
          const network = run(engine, { model, images }, parameters, layer, false);
          const { logits, camMap } = explain(engine, network, labels);
          return [logits, camMap];
        }),
      );
      layers.forEach((layer, i) => {
        const [logits, camMap] = results.slice(2 * i) as [Float32Array, Float32Array];
        expect(relativeError(logits, golden.logits), layer).toBeLessThan(tolerance);
        const { map = [], size = 1 } = golden.maps[layer] ?? {};
        const scaled = [camMap, map].map((values) => [...Array.from(values, (v) => v / size), 1]);
        const [actual = [], wanted = []] = scaled;
        expect(relativeError(actual, wanted), layer).toBeLessThan(tolerance);
      });
    });

    it('gives the loss and its gradient, also through the channel weights of a map', () => {
      const engine = getEngine();
      const prepared = prepare(golden);
      const { model } = prepared;
      const objective = withModelTerms(
        squaredMaps(engine),
        modelTerms
          .filter(({ name }) => name in golden.costs)
          .map(({ name }) => ({ name, weight: costWeights[name] ?? 0 })),
      );
      const [terms, gradient] = compute(engine, prepared, ([parameters, images, labels]) => {
        const kept: tf.Tensor[] = [];
        const computeLoss = (flat: tf.Tensor): tf.Tensor => {
          const network = run(engine, { model, images }, flat, golden.target, true);
          const result = objective.compute(network, { labels, images: tf.squeeze(images) });
          kept.push(tf.keep(packTerms(objective, result, tf.scalar(0))));
          return result.loss;
        };
        const byParameters = tf.grad(computeLoss)(parameters);
        return [kept[0] as tf.Tensor, byParameters];
      }) as [Float32Array, Float32Array];
      const { loss, terms: costs } = readTerms(objective, terms);
      expect(Object.keys(costs)).toEqual(Object.keys(golden.costs));
      const values = [golden.loss, ...Object.values(golden.costs)];
      expect(relativeError([loss, ...Object.values(costs)], values)).toBeLessThan(tolerance);
      const wanted = model.parameters.flatMap(({ name }) => golden.gradients[name] ?? []);
      expect(relativeError(gradient, wanted)).toBeLessThan(tolerance);
    });
  });
}
