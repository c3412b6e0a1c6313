import { decide } from '../../core/metrics/decide.ts';
import { byName, recordedMetricNames } from '../../core/metrics/exampleMetrics.ts';
import type { EpochMetrics } from '../../core/records.ts';
import type { EpochExamples } from '../../shared/trainerEvents.ts';

/** Mean of the defined (not NaN) values, null where there is none, and how many are undefined. */
export function meanOfDefined(values: Float32Array): {
  mean: number | null;
  undefinedImages: number;
} {
  let [sum, count] = [0, 0];
  for (const value of values) {
    if (!Number.isNaN(value)) {
      sum += value;
      count += 1;
    }
  }
  return { mean: count === 0 ? null : sum / count, undefinedImages: values.length - count };
}

export type TestMetrics = Pick<
  EpochMetrics,
  'testImages' | 'testAccuracy' | 'falsePredictions' | 'trueLowConfidence' | 'mapMeans' | 'zeroMaps'
>;

/** The figures of one epoch over its test images. */
export function summarizeExamples(examples: EpochExamples, threshold: number): TestMetrics {
  const { labels, probabilities, classes, camScales, measures } = examples;
  let [falsePredictions, trueLowConfidence] = [0, 0];
  labels.forEach((label, i) => {
    const { predictedClass, confidence } = decide(probabilities, i * classes, classes);
    if (predictedClass !== label) falsePredictions += 1;
    else if (confidence < threshold) trueLowConfidence += 1;
  });
  return {
    testImages: labels.length,
    testAccuracy: 1 - falsePredictions / labels.length,
    falsePredictions,
    trueLowConfidence,
    mapMeans: byName(recordedMetricNames, (name) => meanOfDefined(measures[name])),
    zeroMaps: camScales.filter((scale) => scale === 0).length,
  };
}
