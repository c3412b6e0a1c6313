import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { packTerms, readTerms } from '../../../../src/main/learning/objective/batchTerms.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const named = { terms: ['crossEntropy', 'contrastive'] } as const;
const terms = { contrastive: tf.scalar(4), crossEntropy: tf.scalar(3) };
const logits = tf.zeros<tf.Rank.R2>([1, 1]);

it('go through one vector and come back by name, whatever their order', () => {
  const result = { loss: tf.scalar(7), terms, nanBatch: tf.scalar(1), logits };
  const packed = packTerms(named, result, tf.scalar(5));
  expect([...packed.dataSync()]).toEqual([7, 1, 5, 3, 4]);
  expect(readTerms(named, packed.dataSync())).toEqual({
    loss: 7,
    nanBatch: 1,
    correct: 5,
    terms: { crossEntropy: 3, contrastive: 4 },
  });
});

it('count no batch as undefined where the objective does not say so', () => {
  const packed = packTerms(named, { loss: tf.scalar(7), terms, logits }, tf.scalar(5));
  expect(readTerms(named, packed.dataSync()).nanBatch).toBe(0);
});

it('that were not computed are missed by name', () => {
  const { contrastive } = terms;
  expect(() =>
    packTerms(named, { loss: tf.scalar(7), terms: { contrastive }, logits }, tf.scalar(5)),
  ).toThrow(/crossEntropy/);
});

it('of no vector are not finite, so that no one takes them for numbers', () => {
  expect(readTerms(named, []).loss).toBeNaN();
});
