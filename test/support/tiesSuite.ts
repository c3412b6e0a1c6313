import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { computePeaks } from '../../src/main/learning/cam/gradCam.ts';
import type { Engine, StateFunction } from '../../src/main/learning/engine/engine.ts';
import { goldenObjective } from './contrastive.ts';
import { flatten, goldenTies, relativeError } from './golden.ts';

const { activations, images, labels, head: headWeights, cases, names } = goldenTies;

const inputs = (): tf.Tensor[] => [
  tf.tensor4d(flatten(activations), [names.length, 4, 4, 2]),
  tf.tensor3d(flatten(images), [names.length, 8, 8]),
  tf.cast(tf.oneHot(labels, 2), 'float32'),
];

const head = (a: tf.Tensor4D): tf.Tensor2D =>
  tf.matMul(tf.mean<tf.Tensor2D>(tf.square(a), [1, 2]), tf.tensor2d(flatten(headWeights), [2, 2]));

/** [contrastive, total] and the gradient of the total by the activations. */
const differentiate =
  ({ ops }: Engine, golden: (typeof cases)[number]): StateFunction =>
  ([a, x, y]) => {
    const objective = goldenObjective(ops, golden);
    const kept: tf.Tensor[] = [];
    const computeLoss = (at: tf.Tensor): tf.Tensor => {
      const batch = { images: x as tf.Tensor3D, labels: y as tf.Tensor2D };
      const { loss, terms } = objective.compute({ activations: at as tf.Tensor4D, head }, batch);
      kept.push(tf.keep(tf.stack([terms.contrastive as tf.Scalar, loss])));
      return loss;
    };
    const gradient = tf.grad(computeLoss)(a as tf.Tensor);
    return { outputs: [...kept, gradient] };
  };

/** Maps whose largest value is shared by several pixels, beside PyTorch's values and gradients. */
export function describeTies(getEngine: () => Engine): void {
  describe('maps with a tied maximum', () => {
    const paths: Record<string, (engine: Engine, fn: StateFunction) => tf.Tensor[]> = {
      eager: (_, fn) => tf.tidy(() => fn(inputs(), []).outputs),
      program: (engine, fn) => {
        const program = engine.load({ fn }, []);
        const outputs = program.run('fn', inputs());
        program.close();
        return outputs;
      },
    };
    const all = Object.keys(paths).flatMap((path) =>
      cases.map((golden) => ({ ...golden, path, golden })),
    );
    it.each(all)('$path, $camGradient, $distanceReduction, $similar', ({ path, golden }) => {
      const engine = getEngine();
      const outputs = paths[path]?.(engine, differentiate(engine, golden)) ?? [];
      const [terms, gradient] = outputs.map((t) => t.dataSync()) as [Float32Array, Float32Array];
      expect(relativeError(terms, [golden.contrastive, golden.total])).toBeLessThan(1e-6);
      const perMap = gradient.length / names.length;
      names.forEach((name, i) => {
        const own = gradient.subarray(i * perMap, (i + 1) * perMap);
        const error = relativeError(own, golden.gradient[i] ?? []);
        expect(error, name).toBeLessThan(1e-5);
      });
      tf.dispose(outputs);
    });

    it('the tied pixels share the gradient of their maximum, of each map on its own', () => {
      const maps = tf.tensor3d([1, 3, 3, 2, 5, 0, 1, 1], [2, 2, 2]);
      const peaks = tf.tidy(() => computePeaks(maps).dataSync());
      expect([...peaks]).toEqual([3, 5]);
      const gradient = tf.tidy(() =>
        tf
          .grad((x: tf.Tensor) => tf.sum(tf.mul(computePeaks(x as tf.Tensor3D), [[[4]], [[7]]])))(
            maps,
          )
          .dataSync(),
      );
      expect([...gradient]).toEqual([0, 2, 2, 0, 7, 0, 0, 0]);
      maps.dispose();
    });
  });
}
