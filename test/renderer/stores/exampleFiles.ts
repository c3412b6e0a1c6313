import type { NamedTensor } from '../../../src/core/formats/safetensors.ts';
import { byName, recordedMetricNames } from '../../../src/core/metrics/exampleMetrics.ts';
import { encodeSafetensors } from '../../../src/core/formats/safetensors.ts';
import type { UserError } from '../../../src/renderer/composables/userError.ts';

const toBlob = (tensors: Record<string, NamedTensor>, metadata = {}): Blob =>
  new Blob([encodeSafetensors({ tensors, metadata }).slice().buffer]);
/** What answers about examples say of the run's data: two classes, 4x4 images. */
const aboutData = { classNames: '["a","b"]', imageSize: '4' };
const vector = (values: number[]): NamedTensor => ({
  shape: [values.length],
  values: Float32Array.from(values),
});

/** One epoch of `ids.length` images with two classes: label 0, predicted 1 for odd ids. */
export function buildEpochFile(ids: number[]): Blob {
  const predicted = ids.map((id) => id % 2);
  const zeros = vector(ids.map(() => 0));
  return toBlob(
    {
      exampleIds: { shape: [ids.length], values: Uint32Array.from(ids) },
      labels: { shape: [ids.length], values: new Uint8Array(ids.length) },
      predictedClasses: { shape: [ids.length], values: Uint8Array.from(predicted) },
      probabilities: {
        shape: [ids.length, 2],
        values: Float32Array.from(
          predicted.flatMap((k) => (k === 0 ? [0.75, 0.25] : [0.25, 0.75])),
        ),
      },
      ...byName(recordedMetricNames, () => zeros),
      maskArea: zeros,
      camLevels: { shape: [ids.length, 2, 2], values: new Uint8Array(ids.length * 4) },
      camScales: zeros,
    },
    aboutData,
  );
}

/** A history of `epochs` epochs; with a problem in place of its image where one is given. */
export function buildHistoryFile(epochs: number, imageProblem: UserError | null = null): Blob {
  const indices = Array.from({ length: epochs }, (_, epoch) => epoch);
  const zeros = vector(indices.map(() => 0));
  const maps: NamedTensor = { shape: [epochs, 2, 2], values: new Uint8Array(epochs * 4) };
  return toBlob(
    {
      epochs: { shape: [epochs], values: Uint32Array.from(indices) },
      label: { shape: [1], values: Uint8Array.of(0) },
      probabilities: {
        shape: [epochs, 2],
        values: Float32Array.from(indices.flatMap(() => [0.75, 0.25])),
      },
      ...byName(recordedMetricNames, () => zeros),
      predictedLevels: maps,
      predictedScales: zeros,
      labelLevels: maps,
      labelScales: zeros,
      ...(imageProblem === null && { image: { shape: [4, 4], values: new Uint8Array(16) } }),
    },
    imageProblem === null
      ? aboutData
      : { ...aboutData, imageProblem: JSON.stringify(imageProblem) },
  );
}

/** Maps of two classes over `epochs` epochs: the second's are white. */
export function buildClassMapsFile(epochs: number): Blob {
  const cells = epochs * 4;
  return toBlob({
    levels: {
      shape: [2, epochs, 2, 2],
      values: Uint8Array.from({ length: 2 * cells }, (_, i) => (i < cells ? 0 : 255)),
    },
    scales: { shape: [2, epochs], values: Float32Array.from({ length: 2 * epochs }, (_, i) => i) },
  });
}

/** Images of 2x2 pixels, all of the value of their index. */
export const buildImagesFile = (indices: readonly number[]): Blob =>
  toBlob({
    images: {
      shape: [indices.length, 2, 2],
      values: Uint8Array.from(indices.flatMap((index) => [index, index, index, index])),
    },
    labels: { shape: [indices.length], values: new Uint8Array(indices.length) },
  });
