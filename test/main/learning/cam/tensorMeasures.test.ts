import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  recordedMetricNames,
  type RecordedMetricName,
} from '../../../../src/core/metrics/exampleMetrics.ts';
import { createMapMeasures } from '../../../../src/core/metrics/mapMeasures.ts';
import {
  computeMaskArea,
  markAbove,
  tensorMeasures,
} from '../../../../src/main/learning/cam/tensorMeasures.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const toTensor = (values: number[]): tf.Tensor3D => {
  const size = Math.sqrt(values.length);
  return tf.tensor3d(values, [1, size, size]);
};

function metricsOf(cam: number[], image: number[]): Partial<Record<RecordedMetricName, number>> {
  const masks = markAbove(toTensor(image), 0.5);
  return Object.fromEntries(
    [...tensorMeasures].map(([name, measure]) => [
      name,
      measure(toTensor(cam), toTensor(image), masks).dataSync()[0] ?? 0,
    ]),
  );
}

it('by hand', () => {
  const metrics = metricsOf([1, 0.6, 0, 0.4], [1, 0, 0, 1]);
  // Deviations (.5 .1 -.5 -.1) and (.5 -.5 -.5 .5): covariance .4, spreads sqrt(.52) and 1.
  expect(metrics.inputCorrelation).toBeCloseTo(0.4 / Math.sqrt(0.52), 5);
  expect(metrics.energyInside).toBeCloseTo(1.4 / 2, 6);
  expect(metrics.iou).toBeCloseTo(1 / 3, 6);
  expect([...computeMaskArea(toTensor([1, 0, 0, 1])).dataSync()]).toEqual([0.5]);
});

it('a map like its image', () => {
  expect(metricsOf([0, 1, 0.2, 0.8], [0, 1, 0.2, 0.8]).inputCorrelation).toBeCloseTo(1, 5);
});

const undefinedOf = (cam: number[], image: number[]): string[] =>
  Object.entries(metricsOf(cam, image)).flatMap(([name, value]) =>
    Number.isNaN(value) ? [name] : [],
  );

describe('what is undefined', () => {
  it('everything of an all-zero map', () => {
    expect(undefinedOf([0, 0, 0, 0], [1, 0, 0, 1])).toEqual([
      'inputCorrelation',
      'energyInside',
      'iou',
    ]);
  });

  it('energy and IoU where no pixel of the image is above 0.5', () => {
    expect(undefinedOf([1, 0.6, 0, 0.4], [0.5, 0.1, 0, 0.5])).toEqual(['energyInside', 'iou']);
  });

  it('the correlation of a constant image', () => {
    expect(undefinedOf([1, 0.6, 0, 0.4], [0.75, 0.75, 0.75, 0.75])).toEqual(['inputCorrelation']);
  });

  it('nothing of a map beside a bright enough image, where 0 is a value', () => {
    expect(undefinedOf([0, 1, 0, 0], [1, 0, 0, 0])).toEqual([]);
    expect(metricsOf([0, 1, 0, 0], [1, 0, 0, 0])).toMatchObject({ energyInside: 0, iou: 0 });
  });
});

it('agree with what any map is measured by', () => {
  const pixels = (max: number) =>
    fc.array(fc.integer({ min: 0, max }), { minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(pixels(255), pixels(100), (image, cam) => {
      fc.pre(new Set(image).size > 1 && new Set(cam).size > 1);
      const [map, input] = [cam.map((v) => v / 100), image.map((v) => v / 255)];
      const measure = createMapMeasures(recordedMetricNames, 4);
      const expected = measure(Float32Array.from(map), Float32Array.from(input));
      const computed = tf.tidy(() => metricsOf(map, input));
      for (const name of tensorMeasures.keys()) {
        expect(computed[name], name).toBeCloseTo(expected[name], 4);
      }
    }),
    { numRuns: 30 },
  );
});
