import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { callsAtOnce, sizeOfCall, tensorOf } from '../../../../src/main/learning/engine/feed.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('a feed gives what belongs to a call, bytes from 0 to 1', () => {
  const bytes = { values: Uint8Array.of(0, 51, 102, 255), shape: [2] };
  expect(sizeOfCall(bytes)).toBe(2);
  expect(tensorOf(bytes).arraySync()).toEqual([0, Math.fround(0.2)]);
  expect(tensorOf(bytes, 1).arraySync()).toEqual([Math.fround(0.4), 1]);
  const whole = tensorOf({ values: Int32Array.of(-1, 2 ** 31 - 1), shape: [] }, 1);
  expect([whole.dtype, whole.arraySync()]).toEqual(['int32', 2 ** 31 - 1]);
  const floats = { values: Float32Array.of(1, 2, 3, 4), shape: [2, 1] };
  expect(tensorOf(floats, 1).arraySync()).toEqual([[3], [4]]);
});

it('calls at once are many of small feeds, few of large ones, and at least one', () => {
  const feedsOf = (bytes: number) => [{ values: new Uint8Array(0), shape: [bytes] }];
  expect(callsAtOnce(feedsOf(1000))).toBe(64);
  expect(callsAtOnce(feedsOf(2 ** 21))).toBe(8);
  expect(callsAtOnce(feedsOf(2 ** 30))).toBe(1);
  // Four bytes a float.
  expect(callsAtOnce([{ values: new Float32Array(0), shape: [2 ** 19] }])).toBe(8);
});
