import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { termNames } from '../../src/core/config/objectives/registry.ts';
import { presets } from '../../src/core/config/presets.ts';
import type { Engine } from '../../src/main/learning/engine/engine.ts';
import { buildObjective } from '../../src/main/learning/objective/buildObjective.ts';
import { listInputs, type ObjectiveBatch } from '../../src/main/learning/objective/objective.ts';
import { buildOptimizer } from '../../src/main/learning/optimizer/optimizer.ts';
import { buildTrainStep, stateSizes } from '../../src/main/learning/step.ts';
import { flatten, goldenSteps, goldenTerms, relativeError, type GoldenTermCase } from './golden.ts';
import { withSettings } from './settings.ts';
import {
  cut,
  imageSize,
  imagesOf,
  initialState,
  join,
  labelsOf,
  model,
  normalization,
} from './stepsSuite.ts';

const [batch = []] = goldenSteps.batches;
/** Of values and gradients of one step, single precision against double. */
const tolerance = 1e-4;

/** The step's weights move by their gradients. */
function configOf({ term, settings, targetLayer, camGradient, weight }: GoldenTermCase) {
  const own = Object.entries({ ...settings, weight }).map(([key, value]) => [
    `objective.${term}.${key}`,
    value,
  ]);
  return withSettings(presets['mnist-c'], {
    ...{ objective: term, targetLayer, camGradient, optimizer: 'sgd', momentum: 0 },
    ...(Object.fromEntries(own) as Record<string, string | number>),
  });
}

/** Of all images of the golden file, for each image of the batch that of its class. */
function classMeans(): tf.Tensor3D {
  const means = batch.map((i) => {
    const alike = goldenSteps.images.filter(
      (_, j) => goldenSteps.labels[j] === goldenSteps.labels[i],
    );
    const pixels = alike.map((image) => flatten(image));
    return (pixels[0] ?? []).map(
      (_, p) => pixels.reduce((sum, image) => sum + (image[p] ?? 0), 0) / pixels.length,
    );
  });
  return tf.tensor3d(means.flat(), [batch.length, imageSize, imageSize]);
}

/** The values of the step, and by how much it lowered each weight. */
function step(engine: Engine, golden: GoldenTermCase) {
  const config = configOf(golden);
  const optimizer = buildOptimizer(config.optimizer);
  const objective = buildObjective(engine.ops, config);
  const { targetLayer } = config.cam;
  const parts = { model, targetLayer, normalization, ops: engine.ops, objective, optimizer };
  const program = engine.load({ train: buildTrainStep(parts) }, stateSizes(model, optimizer));
  const before = initialState(optimizer);
  program.writeState(before);
  const mask = tf.tensor2d(flatten(goldenSteps.masks[0] ?? []), [batch.length, model.features]);
  const given: ObjectiveBatch = {
    ...{ images: imagesOf(batch), labels: labelsOf(batch) },
    ...(objective.needs.includes('classMeans') && { classMeans: classMeans() }),
  };
  const inputs = [...listInputs(given, objective.needs), mask, tf.scalar(1)];
  const [outputs] = program.run('train', inputs);
  const values = [...(outputs?.dataSync() ?? [])];
  const [after = new Float32Array(0)] = program.readState();
  program.close();
  tf.dispose([...inputs, outputs]);
  return { values, gradients: after.map((value, i) => (before[0]?.[i] ?? Number.NaN) - value) };
}

const describeCase = ({ term, settings, targetLayer }: GoldenTermCase): string =>
  [term, ...Object.values(settings), targetLayer].join(' ');

/** Each term in a whole step beside PyTorch's: its value, and the gradient of every weight. */
export function describeTerms(getEngine: () => Engine): void {
  describe('terms beside PyTorch’s', () => {
    it('are all there but the contrastive one, which has a suite of its own', () => {
      const tested = new Set(['contrastive', ...goldenTerms.cases.map(({ term }) => term)]);
      expect([...tested].toSorted()).toEqual(termNames.toSorted());
    });

    it.each(goldenTerms.cases.map((golden) => ({ golden, name: describeCase(golden) })))(
      '$name',
      ({ golden }) => {
        const { values, gradients } = step(getEngine(), golden);
        const [loss = 0, nanBatch, , crossEntropy = 0, value = 0] = values;
        const wanted = [golden.loss, golden.loss - golden.weight * golden.value, golden.value];
        expect(nanBatch).toBe(0);
        expect(relativeError([loss, crossEntropy, value], wanted)).toBeLessThan(tolerance);
        const expected = [...join(model.parameters, golden.gradients)];
        expect(relativeError(gradients, expected)).toBeLessThan(tolerance);
        // And of each weight by itself, small ones included.
        for (const [name, own] of cut(model.parameters, gradients)) {
          if (/^conv\d\/bias$/.test(name)) continue;
          const error = relativeError(own, golden.gradients[name] ?? []);
          expect(error, name).toBeLessThan(20 * tolerance);
        }
      },
    );
  });
}
