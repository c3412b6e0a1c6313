import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { computeMapMetrics } from '../../../../src/main/learning/cam/mapMetrics.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

function metricsOf(cam: number[], image: number[]): Record<string, number> {
  const metrics = computeMapMetrics(tf.tensor3d(cam, [1, 2, 2]), tf.tensor3d(image, [1, 2, 2]));
  return Object.fromEntries(
    Object.entries(metrics).map(([name, tensor]: [string, tf.Tensor]) => [
      name,
      tensor.dataSync()[0] ?? 0,
    ]),
  );
}

it('by hand', () => {
  const metrics = metricsOf([1, 0.6, 0, 0.4], [1, 0, 0, 1]);
  // Deviations (.5 .1 -.5 -.1) and (.5 -.5 -.5 .5): covariance .4, spreads sqrt(.52) and 1.
  expect(metrics['inputCorrelation']).toBeCloseTo(0.4 / Math.sqrt(0.52), 5);
  expect(metrics['energyInside']).toBeCloseTo(1.4 / 2, 6);
  expect(metrics['iou']).toBeCloseTo(1 / 3, 6);
  expect(metrics['maskArea']).toBe(0.5);
});

it('a map like its image', () => {
  expect(metricsOf([0, 1, 0.2, 0.8], [0, 1, 0.2, 0.8])['inputCorrelation']).toBeCloseTo(1, 5);
});

const undefinedOf = (cam: number[], image: number[]): string[] =>
  Object.entries(metricsOf(cam, image)).flatMap(([name, value]) =>
    Number.isNaN(value) ? [name] : [],
  );

describe('what is undefined', () => {
  it('everything of an all-zero map but the image’s own area', () => {
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
