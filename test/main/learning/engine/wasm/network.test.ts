import { withSettings, type Changes } from '../../../../support/settings.ts';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { composedOps, type Ops } from '../../../../../src/main/learning/engine/ops.ts';
import { openWasmEngine } from '../../../../../src/main/learning/engine/wasm/wasmEngine.ts';
import { wasmOps } from '../../../../../src/main/learning/engine/wasm/wasmOps.ts';
import {
  describeModel,
  describeNetwork,
  type Network,
} from '../../../../../src/core/models/network.ts';
import { listCnnLayers } from '../../../../../src/core/models/paperCnn.ts';
import { forward } from '../../../../../src/main/learning/model/forward.ts';
import {
  initializeParameters,
  splitParameters,
  type Weights,
} from '../../../../../src/main/learning/model/parameters.ts';
import { buildObjective } from '../../../../../src/main/learning/objective/buildObjective.ts';
import { presets } from '../../../../../src/core/config/presets.ts';
import { Random } from '../../../../../src/core/random.ts';
import type { RunConfig } from '../../../../../src/core/config/runConfig.ts';
import { evaluate, noise, worstError } from './compare.ts';

beforeAll(async () => {
  await openWasmEngine();
});

/** The paper's network in small, with channels enough for convolutions in tiles: 14 > 7 > 3 > 1. */
const imageSize = 14;
const model = describeNetwork(listCnnLayers({ channels: [8, 12, 16], hidden: 20, classes: 10 }), {
  imageSize,
});
const batch = 3;

/** The loss and its gradient by each parameter tensor. */
function computeStep(ops: Ops, config: RunConfig): tf.Tensor[] {
  const parameters = tf.tensor1d(initializeParameters(model.parameters, Random.fromSeed(3)));
  const images = tf.abs(noise([batch, imageSize, imageSize], 1)) as tf.Tensor3D;
  const labels = tf.cast(tf.oneHot([3, 1, 4], 10), 'float32') as tf.Tensor2D;
  const dropoutMask = tf.mul<tf.Tensor2D>(2, tf.step(noise([batch, model.features], 2)));
  const objective = buildObjective(ops, config);
  const computeLoss = (flat: tf.Tensor): tf.Scalar => {
    const weights = splitParameters(flat as tf.Tensor1D, model.parameters);
    const context = { ops, weights, statistics: null, dropoutMask };
    const network = forward(model, tf.expandDims(images, 3), context, config.cam.targetLayer);
    const { loss } = objective.compute(network, { images, labels });
    tf.dispose(network.batchStatistics);
    return loss;
  };
  const { value, grad } = tf.valueAndGrad(computeLoss)(parameters);
  return [value, ...Object.values(splitParameters(grad as tf.Tensor1D, model.parameters))];
}

/** A bias before batch norm has no effect: its gradient is rounding error on either backend. */
const isWithoutEffect = (index: number): boolean => {
  const name = index === 0 ? 'loss' : (model.parameters[index - 1]?.name ?? '');
  return name.startsWith('conv') && name.endsWith('/bias');
};

/** In evaluation: what the network says, its target layer and the gradient of a class's logit by the image. */
function evaluateNetwork(ops: Ops, network: Network, targetLayer: string): tf.Tensor[] {
  const [weights, statistics] = [network.parameters, network.statistics].map((specs) => {
    const flat = tf.tensor1d(initializeParameters(specs, Random.fromSeed(3)));
    return splitParameters(
      tf.add<tf.Tensor1D>(flat, tf.mul(0.1, tf.abs(noise(flat.shape, 5)))),
      specs,
    );
  }) as [Weights, Weights];
  const images = noise([batch, imageSize, imageSize, 1], 1) as tf.Tensor4D;
  const context = { ops, weights, statistics, dropoutMask: null };
  const run = (x: tf.Tensor) => {
    const { activations, head } = forward(network, x as tf.Tensor4D, context, targetLayer);
    return { activations, logits: head(activations) };
  };
  const { activations, logits } = run(images);
  const score = (x: tf.Tensor): tf.Tensor => tf.sum(tf.slice(run(x).logits, [0, 1], [-1, 1]));
  return [activations, logits, tf.grad(score)(images)];
}

describe('a network in evaluation', () => {
  const networks = {
    'paper-cnn': model,
    resnet: describeModel({ name: 'resnet', depth: '8' }, { imageSize }, 10),
  };

  it.each(
    Object.entries(networks).flatMap(([name, network]) =>
      network.layers
        .filter(({ output }) => output.length === 3)
        .map(({ spec }) => [name, spec.name, network] as const),
    ),
  )('gives the same bits with its blocks in one pass: %s cut at %s', async (_, layer, network) => {
    const apart: Ops = { ...wasmOps };
    delete apart.finishConvolution;
    const whole = await evaluate('wasm', () => evaluateNetwork(wasmOps, network, layer));
    expect(whole).toEqual(await evaluate('wasm', () => evaluateNetwork(apart, network, layer)));
    const [, logits = []] = whole;
    expect(new Set(logits).size).toBeGreaterThan(batch);
  });
});

describe('a network', () => {
  it.each<[string, Changes]>([
    ['C', { paradigm: 'C' }],
    ['R', { paradigm: 'R' }],
    ['R through alpha', { paradigm: 'R', camGradient: 'full' }],
    [
      'R through alpha and batch norms',
      { paradigm: 'R', camGradient: 'full', targetLayer: 'relu1' },
    ],
  ])('has the gradients of the plain JavaScript backend: %s', async (_, changes) => {
    const config = withSettings(presets['mnist-r'], changes);
    const actual = await evaluate('wasm', () => computeStep(wasmOps, config));
    const wanted = await evaluate('cpu', () => computeStep(composedOps, config));
    expect(actual.length).toBe(wanted.length);
    actual.forEach((values, i) => {
      if (isWithoutEffect(i)) return;
      expect(worstError(values, wanted[i] as number[])).toBeLessThan(1e-4);
    });
  });
});
