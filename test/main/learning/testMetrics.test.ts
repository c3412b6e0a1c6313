import { describe, expect, it } from 'vitest';
import { byName, recordedMetricNames } from '../../../src/core/metrics/exampleMetrics.ts';
import { meanOfDefined, summarizeExamples } from '../../../src/main/learning/testMetrics.ts';
import type { EpochExamples } from '../../../src/shared/trainerEvents.ts';

const nothing = new Float32Array(0);

/** Two classes; each image by its label, the probability of class 0, and what its map is worth. */
function examplesOf(
  images: {
    label: number;
    p0: number;
    correlation?: number;
    energy?: number;
    iou?: number;
    scale?: number;
  }[],
): EpochExamples {
  const column = (valueOf: (image: (typeof images)[number]) => number): Float32Array =>
    Float32Array.from(images, valueOf);
  return {
    exampleIds: Uint32Array.from(images.keys()),
    labels: Uint8Array.from(images, ({ label }) => label),
    probabilities: Float32Array.from(images.flatMap(({ p0 }) => [p0, 1 - p0])),
    classes: 2,
    mapSize: 1,
    camLevels: new Uint8Array(images.length),
    camScales: column(({ scale = 1 }) => scale),
    measures: {
      ...byName(recordedMetricNames, () => column(() => 0)),
      inputCorrelation: column(({ correlation = 0 }) => correlation),
      energyInside: column(({ energy = 0 }) => energy),
      iou: column(({ iou = 0 }) => iou),
    },
    maskArea: column(() => 0.5),
    labelMaps: { positions: new Uint32Array(0), camLevels: new Uint8Array(0), camScales: nothing },
  };
}

describe('summarizeExamples', () => {
  it('counts what is wrong, and what is right below the threshold but not at it', () => {
    const examples = examplesOf([
      { label: 0, p0: 0.75 },
      { label: 0, p0: 0.625 },
      { label: 0, p0: 0.5625 },
      { label: 1, p0: 0.5625 },
      { label: 1, p0: 0.4375 },
    ]);
    // Thresholds and probabilities with few binary digits: equal means equal.
    expect(summarizeExamples(examples, 0.625)).toMatchObject({
      testImages: 5,
      testAccuracy: 0.8,
      falsePredictions: 1,
      trueLowConfidence: 2,
    });
    expect(summarizeExamples(examples, 0.5625).trueLowConfidence).toBe(0);
  });

  it('leaves undefined values out of each mean, and counts them', () => {
    const [nan, right] = [Number.NaN, { label: 0, p0: 1 }];
    const examples = examplesOf([
      { ...right, correlation: 0.5, energy: 0.25, iou: nan },
      { ...right, correlation: nan, energy: 0.75, iou: nan, scale: 0 },
      { ...right, correlation: nan, energy: nan, iou: nan, scale: 0 },
    ]);
    expect(summarizeExamples(examples, 0.6)).toMatchObject({
      mapMeans: {
        inputCorrelation: { mean: 0.5, undefinedImages: 2 },
        energyInside: { mean: 0.5, undefinedImages: 1 },
        iou: { mean: null, undefinedImages: 3 },
      },
      zeroMaps: 2,
    });
  });
});

it('meanOfDefined is exact where nothing is defined', () => {
  expect(meanOfDefined(nothing)).toEqual({ mean: null, undefinedImages: 0 });
});
