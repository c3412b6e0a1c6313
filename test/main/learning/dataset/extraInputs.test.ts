import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { defaultMask } from '../../../../src/core/metrics/foreground.ts';
import {
  averageByLabel,
  createExtraInputs,
} from '../../../../src/main/learning/dataset/extraInputs.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Four images of one pixel. */
const split = { images: Uint8Array.of(255, 0, 51, 153), labels: Uint8Array.of(0, 1, 0, 1) };
const dataset = { imageSize: 1, channels: 1, classNames: ['a', 'b', 'c'] } as const;
const cam = { target: 'image', ...defaultMask } as const;
const indices = Uint32Array.of(2, 1, 3);
const reference = Uint32Array.of(0, 1, 2);

it('averages what belongs to each class among those that are named', () => {
  const pixels = [
    [1, 0],
    [0, 0.25],
    [0.5, 0],
    [9, 9],
  ];
  const pixelsOf = (index: number): Float32Array => Float32Array.from(pixels[index] ?? []);
  const sizes = { pixels: 2, classes: 3 };
  const means = averageByLabel(pixelsOf, Uint8Array.of(0, 1, 0, 2), reference, sizes);
  expect(means.map((mean) => [...mean])).toEqual([
    [0.75, 0],
    [0, 0.25],
    [0, 0],
  ]);
});

it.each([
  ['image', [0.6, 0, 0]],
  ['luminance', [0.6, 0, 0]],
  ['inverted', [0.4, 1, 1]],
  ['mask', [0.5, 0, 0]],
] as const)('gives each image the mean target of its class: %s', (target, expected) => {
  const { classMeans } = createExtraInputs(split, dataset, { ...cam, target }, reference);
  const batch = classMeans(indices);
  expect(batch.shape).toEqual([3, 1, 1]);
  [...batch.dataSync()].forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 6);
  });
});

it('takes the luminance of colours', () => {
  const colours = { images: Uint8Array.of(255, 0, 0, 0, 255, 0), labels: Uint8Array.of(0, 0) };
  const all = Uint32Array.of(0, 1);
  const { classMeans } = createExtraInputs(colours, { ...dataset, channels: 3 }, cam, all);
  expect(classMeans(Uint32Array.of(1)).dataSync()[0]).toBeCloseTo((0.299 + 0.587) / 2, 6);
});

it('gives each image its mask', () => {
  const lower = { ...cam, maskThreshold: 0.1 };
  const { masks } = createExtraInputs(split, dataset, lower, reference);
  expect([...masks(indices).dataSync()]).toEqual([1, 0, 1]);
});

it('gives each image the mask that it came with, and classes the mean of them', () => {
  const masked = { ...split, masks: Uint8Array.of(0, 1, 1, 0) };
  const own = { ...cam, mask: 'dataset', target: 'mask' } as const;
  const { masks, classMeans } = createExtraInputs(masked, dataset, own, reference);
  expect([...masks(indices).dataSync()]).toEqual([1, 1, 0]);
  // Of class a the masks 0 and 1 count, of b the 1 alone.
  expect([...classMeans(indices).dataSync()]).toEqual([0.5, 1, 1]);
  const none = createExtraInputs(split, dataset, own, reference);
  expect(() => none.masks(indices)).toThrow('has no masks');
});
