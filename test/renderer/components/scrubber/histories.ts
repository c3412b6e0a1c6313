import type { ExampleHistory } from '../../../../src/renderer/examples/exampleHistory.ts';
import { computeVerdicts } from '../../../../src/renderer/examples/probabilities.ts';
import { byName, recordedMetricNames } from '../../../../src/core/metrics/exampleMetrics.ts';

/**
 * The history of an example with the label 0 of classes a, b and a 4x4 image whose upper half is
 * white. `predicted` says which class wins at each of the epochs 0, 1 ... The predicted class's maps
 * lie on the upper half, the label's on the lower.
 */
export function buildHistory(runId: string, predicted: readonly number[]): ExampleHistory {
  const count = predicted.length;
  const probabilities = Float32Array.from(
    predicted.flatMap((k) => (k === 0 ? [0.75, 0.25] : [0.25, 0.75])),
  );
  const { predictedClasses, confidence } = computeVerdicts(probabilities, 2);
  const maps = (upper: number) => ({
    mapSize: 4,
    levels: Uint8Array.from({ length: count * 16 }, (_, i) =>
      i % 16 < 8 === (upper === 1) ? 255 : 0,
    ),
    scales: Float32Array.from({ length: count }, (_, epoch) => epoch + 1),
  });
  return {
    runId,
    exampleId: 7,
    label: 0,
    classNames: ['a', 'b'],
    imageSize: 4,
    channels: 1,
    image: Uint8Array.from({ length: 16 }, (_, i) => (i < 8 ? 255 : 0)),
    imageProblem: null,
    mask: null,
    epochs: Uint32Array.from(predicted.keys()),
    probabilities,
    predictedClasses,
    confidence,
    measures: {
      ...byName(recordedMetricNames, () => new Float32Array(count)),
      inputCorrelation: new Float32Array(count).fill(0.9),
      energyInside: new Float32Array(count).fill(0.8),
      iou: new Float32Array(count).fill(0.7),
    },
    predictedMaps: maps(1),
    labelMaps: maps(0),
    classMaps: null,
    bytes: 0,
  };
}
