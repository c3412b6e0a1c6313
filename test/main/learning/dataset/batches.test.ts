import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import {
  cut,
  makeBatch,
  makeOneHot,
  padTo,
} from '../../../../src/main/learning/dataset/batches.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const grey = { imageSize: 2, channels: 1 } as const;

it('a batch is the images and labels at its indices, in their order, from 0 to 1', () => {
  const images = Uint8Array.of(0, 51, 102, 153, 1, 2, 3, 4, 255, 204, 0, 0);
  const labels = Uint8Array.of(2, 0, 1);
  const batch = makeBatch({ images, labels }, Uint32Array.of(2, 0), grey, 3);
  expect(batch.images.arraySync()).toEqual([
    [
      [1, Math.fround(0.8)],
      [0, 0],
    ],
    [
      [0, Math.fround(0.2)],
      [Math.fround(0.4), Math.fround(0.6)],
    ],
  ]);
  expect(batch.labels.arraySync()).toEqual([
    [0, 1, 0],
    [0, 0, 1],
  ]);
});

it('one-hot rows have their one at the class', () => {
  expect(makeOneHot([1, 0, 1], 2).arraySync()).toEqual([
    [0, 1],
    [1, 0],
    [0, 1],
  ]);
});

it('pieces are of a size, the last with what is left', () => {
  const pieces = (length: number): number[][] =>
    [
      ...cut(
        Uint32Array.from({ length }, (_, i) => i),
        3,
      ),
    ].map((piece) => [...piece]);
  expect(pieces(7)).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
  expect(pieces(6)).toEqual([
    [0, 1, 2],
    [3, 4, 5],
  ]);
  expect(pieces(0)).toEqual([]);
});

it('what is too short is filled up with its last', () => {
  expect(padTo(Uint32Array.of(4, 9), 4)).toEqual(Uint32Array.of(4, 9, 9, 9));
  expect(padTo(Uint32Array.of(4, 9), 2)).toEqual(Uint32Array.of(4, 9));
});
