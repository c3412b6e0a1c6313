import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { computeAlpha, computeCam, computeCamMap } from '../../src/main/learning/cam/gradCam.ts';
import type { Engine } from '../../src/main/learning/engine/engine.ts';
import { describeNetwork } from '../../src/core/models/network.ts';
import { listCnnLayers } from '../../src/core/models/paperCnn.ts';
import { forward, type ForwardResult } from '../../src/main/learning/model/forward.ts';
import { splitParameters } from '../../src/main/learning/model/parameters.ts';
import { goldenObjective } from './contrastive.ts';
import { flatten, goldenModel, relativeError } from './golden.ts';

const model = describeNetwork(listCnnLayers({ channels: [2, 3], hidden: 5, classes: 3 }), {
  imageSize: 8,
});
const targetLayer = 'relu2';
const tolerance = 1e-5;

const flatWeights = (values: Record<string, Parameters<typeof flatten>[0]>): number[] =>
  model.parameters.flatMap(({ name }) => flatten(values[name] ?? []));

interface Inputs {
  images: tf.Tensor3D;
  labels: tf.Tensor2D;
  parameters: tf.Tensor1D;
}

const makeInputs = (): Inputs => ({
  images: tf.tensor3d(flatten(goldenModel.images), [4, 8, 8]),
  labels: tf.cast(tf.oneHot(goldenModel.labels, 3), 'float32') as tf.Tensor2D,
  parameters: tf.tensor1d(flatWeights(goldenModel.weights)),
});

const run = (engine: Engine, { images }: Inputs, parameters: tf.Tensor): ForwardResult => {
  const weights = splitParameters(parameters as tf.Tensor1D, model.parameters);
  const context = { ops: engine.ops, weights, statistics: null, dropoutMask: null };
  return forward(model, tf.expandDims(images, 3), context, targetLayer);
};

/**
 * Every value and gradient of the golden file, on an engine. The caller passes a getter, since the
 * engine opens in a `beforeAll`.
 */
export function describeGoldenValues(getEngine: () => Engine): void {
  describe('golden values', () => {
    it.each(['activations', 'logits', 'alpha', 'camMap', 'cam'] as const)('%s', (name) => {
      const engine = getEngine();
      const inputs = makeInputs();
      const actual = tf.tidy(() => {
        const network = run(engine, inputs, inputs.parameters);
        const explained = computeAlpha(network.head, network.activations, () => inputs.labels);
        const { alpha } = explained;
        const camMap = computeCamMap(engine.ops, network.activations, alpha);
        return { ...network, ...explained, camMap, cam: computeCam(camMap, 8) }[name].dataSync();
      });
      tf.dispose(inputs as unknown as tf.TensorContainerObject);
      for (const golden of goldenModel.cases) {
        expect(relativeError(actual, golden.forward[name])).toBeLessThan(tolerance);
      }
    });

    const cases = goldenModel.cases.map((golden, i) => ({ golden, i }));
    it.each(cases)('loss and gradients, case $i', ({ golden }) => {
      const engine = getEngine();
      const inputs = makeInputs();
      const computeLoss = ([parameters, images, labels]: tf.Tensor[]): { outputs: tf.Tensor[] } => {
        const objective = goldenObjective(engine.ops, golden);
        const kept: tf.Tensor[] = [];
        const loss = (flat: tf.Tensor): tf.Tensor => {
          const network = run(engine, { ...inputs, images: images as tf.Tensor3D }, flat);
          const out = objective.compute(network, {
            images: images as tf.Tensor3D,
            labels: labels as tf.Tensor2D,
          });
          const { crossEntropy, contrastive } = out.terms;
          const terms = [out.loss, crossEntropy as tf.Scalar, contrastive as tf.Scalar];
          kept.push(tf.keep(tf.stack(terms)));
          return out.loss;
        };
        const gradient = tf.grad(loss)(parameters as tf.Tensor);
        return { outputs: [...kept, gradient] };
      };
      const program = engine.load({ computeLoss }, []);
      const outputs = program.run('computeLoss', [inputs.parameters, inputs.images, inputs.labels]);
      program.close();
      const [terms, gradient] = outputs.map((t) => t.dataSync()) as [Float32Array, Float32Array];
      const { total, crossEntropy, contrastive } = golden.forward;
      expect(relativeError(terms, [total, crossEntropy, contrastive])).toBeLessThan(tolerance);
      expect(relativeError(gradient, flatWeights(golden.gradients))).toBeLessThan(tolerance);
      tf.dispose(outputs);
      tf.dispose(inputs as unknown as tf.TensorContainerObject);
    });
  });
}
