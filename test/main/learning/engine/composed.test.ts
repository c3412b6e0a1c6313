import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';
import { stopGradient } from '../../../../src/main/learning/engine/ops.ts';
import { describeGoldenValues } from '../../../support/goldenSuite.ts';
import { describeNetworks } from '../../../support/networksSuite.ts';
import { describeOps } from '../../../support/opsSuite.ts';
import { describePrograms } from '../../../support/programSuite.ts';
import { describeSteps } from '../../../support/stepsSuite.ts';
import { describeTies } from '../../../support/tiesSuite.ts';
import { referenceEngine } from '../../../support/referenceEngine.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describeGoldenValues(() => referenceEngine);
describeTies(() => referenceEngine);
// Those that take every path: through alpha too, from the maps of the first and of the last layer.
describeSteps(
  () => referenceEngine,
  ({ camGradient, targetLayer }) =>
    camGradient === 'full' && ['conv1', 'relu3'].includes(targetLayer),
);
describeNetworks(() => referenceEngine);
describeOps(() => referenceEngine.ops);
describePrograms(() => referenceEngine);

it('stopGradient keeps the value and ends the gradient, without a leak', () => {
  const before = tf.memory().numDataBuffers;
  const gradient = tf.tidy(() =>
    tf
      .grad((x: tf.Tensor) => tf.sum(tf.mul(stopGradient(tf.square(x)), x)))(tf.tensor1d([1, 2, 3]))
      .dataSync(),
  );
  expect([...gradient]).toEqual([1, 4, 9]);
  expect(tf.memory().numDataBuffers).toBe(before);
});
