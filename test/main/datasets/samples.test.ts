import { expect, it } from 'vitest';
import { decodeSafetensors } from '../../../src/core/formats/safetensors.ts';
import type { Channels } from '../../../src/core/pixels.ts';
import { encodeSamples } from '../../../src/main/datasets/samples.ts';

/** Image i is `size` x `size` pixels of the value i. */
function pick(
  labels: number[],
  given: { size?: number; channels?: Channels; classes?: number } = {},
) {
  const { size = 2, channels = 1, classes = 2 } = given;
  const each = size ** 2 * channels;
  const images = new Uint8Array(labels.length * each);
  labels.forEach((_, i) => images.fill(i, i * each, (i + 1) * each));
  const classNames = Array.from({ length: classes }, (_, k) => String(k));
  const content = { imageSize: size, channels, classNames };
  const text = encodeSamples({ ...content, train: { images, labels: Uint8Array.from(labels) } });
  const { tensors } = decodeSafetensors(Buffer.from(text, 'base64'), 'samples');
  const values = (tensors['images']?.values ?? []) as Uint8Array;
  return {
    places: Array.from({ length: values.length / each }, (_, i) => values[i * each]),
    labels: [...((tensors['labels']?.values ?? []) as Uint8Array)],
    shape: tensors['images']?.shape,
  };
}

it('takes images of each class at equal steps, and all of a class that has few', () => {
  const labels = Array.from({ length: 34 }, (_, i) => (i === 7 || i === 20 ? 1 : 0));
  // Of the 32 images of class 0 every fourth.
  expect(pick(labels)).toEqual({
    places: [0, 4, 9, 13, 17, 22, 26, 30, 7, 20],
    labels: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1],
    shape: [10, 2, 2],
  });
});

it('takes fewer of large images and of many classes, and none of a class without any', () => {
  const ofTwo = Array.from({ length: 60 }, (_, i) => i % 2);
  // 3 MiB hold 20 images of 224 x 224 pixels in colour: 6 of each of 3 classes.
  const large = pick(ofTwo, { size: 224, channels: 3, classes: 3 });
  expect(large.shape).toEqual([12, 224, 224, 3]);
  expect(large.labels.filter((label) => label === 1)).toHaveLength(6);
  const many = pick(
    Array.from({ length: 250 }, (_, i) => i % 100),
    { classes: 100 },
  );
  expect(many.labels).toHaveLength(200);
});
