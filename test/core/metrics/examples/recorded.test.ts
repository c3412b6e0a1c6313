import { describe, expect, it } from 'vitest';
import { byName, recordedMetricNames } from '../../../../src/core/metrics/exampleMetrics.ts';
import { createMapMeasures } from '../../../../src/core/metrics/mapMeasures.ts';

const measure = (cam: number[], image: number[]) =>
  createMapMeasures(recordedMetricNames, 2)(Float32Array.from(cam), Float32Array.from(image));

it('follow their definitions on four pixels', () => {
  const metrics = measure([1, 0.6, 0.2, 0.2], [1, 0, 1, 0]);
  // cam - mean = 0.5, 0.1, -0.3, -0.3; image - mean = 0.5, -0.5, 0.5, -0.5.
  expect(metrics.inputCorrelation).toBeCloseTo(0.2 / Math.sqrt(0.44 * 1), 6);
  expect(metrics.energyInside).toBeCloseTo(1.2 / 2, 6);
  expect(metrics.iou).toBeCloseTo(1 / 3, 6);
});

describe('what is undefined', () => {
  it('all of an all-zero map, which explains nothing', () => {
    expect(measure([0, 0, 0, 0], [1, 0, 0, 1])).toEqual(
      byName(recordedMetricNames, () => Number.NaN),
    );
  });

  it('energy and IoU where no pixel of the image is above 0.5', () => {
    const { inputCorrelation, energyInside, iou } = measure([1, 0.6, 0, 0.4], [0.5, 0.1, 0, 0.5]);
    expect([inputCorrelation, energyInside, iou].map(Number.isNaN)).toEqual([false, true, true]);
  });

  it('the correlation of a constant image', () => {
    const { inputCorrelation, energyInside } = measure([1, 0.6, 0, 0.4], [0.75, 0.75, 0.75, 0.75]);
    expect([inputCorrelation, energyInside]).toEqual([Number.NaN, 1]);
  });

  it('nothing of a map beside a bright enough image, where 0 is a value', () => {
    expect(measure([0, 1, 0, 0], [1, 0, 0, 0])).toMatchObject({ energyInside: 0, iou: 0 });
  });
});
