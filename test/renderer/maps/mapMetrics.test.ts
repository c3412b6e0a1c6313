import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { computeMapMetrics } from '../../../src/main/learning/cam/mapMetrics.ts';
import { computeShownMetrics } from '../../../src/renderer/maps/mapMetrics.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('follows the definitions on four pixels', () => {
  const metrics = computeShownMetrics(
    Float32Array.of(1, 0.6, 0.2, 0.2),
    Uint8Array.of(255, 0, 255, 0),
  );
  // cam - mean = 0.5, 0.1, -0.3, -0.3; image - mean = 0.5, -0.5, 0.5, -0.5.
  expect(metrics.inputCorrelation).toBeCloseTo(0.2 / Math.sqrt(0.44 * 1), 6);
  expect(metrics.energyInside).toBeCloseTo(1.2 / 2, 6);
  expect(metrics.iou).toBeCloseTo(1 / 3, 6);
});

it('agrees with what training stores', () => {
  const pixels = (max: number) =>
    fc.array(fc.integer({ min: 0, max }), { minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(pixels(255), pixels(100), (image, cam) => {
      fc.pre(new Set(image).size > 1 && new Set(cam).size > 1);
      const values = Float32Array.from(cam, (value) => value / 100);
      const stored = tf.tidy(() =>
        Object.values(
          computeMapMetrics(
            tf.tensor3d(values, [1, 4, 4]),
            tf.tensor3d(
              image.map((v) => v / 255),
              [1, 4, 4],
            ),
          ),
        ).map((metric: tf.Tensor) => metric.dataSync()[0] ?? Number.NaN),
      );
      const shown = computeShownMetrics(values, Uint8Array.from(image));
      [shown.inputCorrelation, shown.energyInside, shown.iou].forEach((value, i) => {
        expect(value).toBeCloseTo(stored[i] ?? 0, 4);
      });
    }),
    { numRuns: 30 },
  );
});

it('is undefined where it has no meaning', () => {
  const zero = computeShownMetrics(new Float32Array(4), Uint8Array.of(0, 0, 0, 9));
  expect(zero).toEqual({ inputCorrelation: Number.NaN, energyInside: Number.NaN, iou: Number.NaN });
});
