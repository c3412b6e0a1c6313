import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeNetwork } from '../../../../src/core/models/network.ts';
import { listCnnLayers } from '../../../../src/core/models/paperCnn.ts';
import { Random } from '../../../../src/core/random.ts';
import { composedOps } from '../../../../src/main/learning/engine/ops.ts';
import type { ForwardContext } from '../../../../src/main/learning/model/applyLayer.ts';
import { forward } from '../../../../src/main/learning/model/forward.ts';
import {
  initializeParameters,
  splitParameters,
} from '../../../../src/main/learning/model/parameters.ts';
import { spread } from '../../../support/finiteDifferences.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const model = describeNetwork(listCnnLayers({ channels: [2, 3], hidden: 4, classes: 3 }), {
  imageSize: 8,
});
const images = (): tf.Tensor4D => spread([2, 8, 8, 1], 0, 1) as tf.Tensor4D;

function makeContext(change: Partial<ForwardContext> = {}): ForwardContext {
  const flat = initializeParameters(model.parameters, Random.fromSeed(8));
  const weights = splitParameters(tf.tensor1d(flat), model.parameters);
  return { ops: composedOps, weights, statistics: null, dropoutMask: null, ...change };
}

/** Mean 0 and variance 1 everywhere, as before the first batch. */
const makeStatistics = (): ForwardContext['statistics'] =>
  splitParameters(
    tf.tensor1d(initializeParameters(model.statistics, Random.fromSeed(8))),
    model.statistics,
  );

const logitsOf = (target: string, context: ForwardContext): number[] => {
  const { activations, head } = forward(model, images(), context, target);
  return [...head(activations).dataSync()];
};

describe('a forward pass', () => {
  it('gives the same logits wherever it is cut, and there what the layer gives', () => {
    const context = makeContext({ statistics: makeStatistics() });
    const targets = model.layers.filter(({ output }) => output.length === 3);
    const whole = logitsOf('conv1', context);
    expect(whole).toHaveLength(2 * 3);
    for (const { spec, output } of targets) {
      const { activations } = forward(model, images(), context, spec.name);
      expect(activations.shape).toEqual([2, ...output]);
      expect(logitsOf(spec.name, context)).toEqual(whole);
    }
  });

  it('normalises by the batch in training, and tells by what; by the running statistics otherwise', () => {
    const training = forward(model, images(), makeContext(), 'bn1');
    const [firstMean = NaN] = tf.mean(training.activations, [0, 1, 2]).dataSync();
    expect(firstMean).toBeCloseTo(0, 4);
    training.head(training.activations);
    expect(Object.keys(training.batchStatistics)).toEqual(['bn1', 'bn2']);

    const context = makeContext({ statistics: makeStatistics() });
    const evaluated = forward(model, images(), context, 'bn1');
    const convolved = forward(model, images(), context, 'conv1').activations.dataSync();
    evaluated.activations.dataSync().forEach((value, i) => {
      // Variance 1 with 1e-5 under the root.
      expect(value).toBeCloseTo((convolved[i] ?? NaN) / Math.sqrt(1 + 1e-5), 5);
    });
    evaluated.head(evaluated.activations);
    expect(evaluated.batchStatistics).toEqual({});
  });

  it('drops out what the mask says, in front of the dense layers', () => {
    const statistics = makeStatistics();
    const nothing = makeContext({ statistics, dropoutMask: tf.zeros([2, model.features]) });
    const [a, b, c, ...second] = logitsOf('relu2', nothing);
    // No image reaches the dense layers any more.
    expect(second).toEqual([a, b, c]);
    const all = makeContext({ statistics, dropoutMask: tf.ones([2, model.features]) });
    expect(logitsOf('relu2', all)).toEqual(logitsOf('relu2', makeContext({ statistics })));
  });

  it('names a layer or a weight that there is not', () => {
    expect(() => forward(model, images(), makeContext(), 'relu9')).toThrow(/no layer relu9/);
    const named = Object.entries(makeContext().weights);
    const weights = Object.fromEntries(named.filter(([name]) => name !== 'bn2/gamma'));
    expect(() => logitsOf('conv1', makeContext({ weights }))).toThrow(/bn2\/gamma/);
  });
});
