import {
  byName,
  recordedMetricNames,
  type RecordedMetricName,
} from '../../core/metrics/exampleMetrics.ts';
import type { PixelFormat } from '../../core/pixels.ts';
import type { StoredMaps } from '../maps/storedMaps.ts';
import type { UserError } from '../composables/userError.ts';
import { computeVerdicts } from './probabilities.ts';
import { readClassNames, readImageProblem, readPixelFormat } from './runData.ts';
import type { TensorReader } from './tensorFile.ts';

/** One image of one run over all E stored epochs. */
export interface ExampleHistory extends PixelFormat {
  runId: string;
  exampleId: number;
  label: number;
  classNames: readonly string[];
  /** [imageSize, imageSize] or [imageSize, imageSize, 3], 0 to 255; null where `imageProblem` says why it is not here. */
  image: Uint8Array | null;
  imageProblem: UserError | null;
  /** [imageSize, imageSize], 1 inside: the mask that the data set has for the image, if any. */
  mask: Uint8Array | null;
  /** [E], ascending. */
  epochs: Uint32Array;
  /** [E, classes] */
  probabilities: Float32Array;
  /** [E] each. */
  predictedClasses: Uint8Array;
  confidence: Float32Array;
  /** NaN where undefined; of the predicted class's map. */
  measures: Record<RecordedMetricName, Float32Array>;
  predictedMaps: StoredMaps;
  labelMaps: StoredMaps;
  /** [classes], once they have been asked for: they are not stored but computed anew. */
  classMaps: readonly StoredMaps[] | null;
  /** Memory that the arrays take, about. */
  bytes: number;
}

/** Which class a map explains: the one that each epoch predicted, the label, or one by its number. */
export type TargetClass = StoredTarget | number;
/** Those whose maps are stored. */
export type StoredTarget = 'predicted' | 'label';

/** A target class in the URL; null for the predicted one. */
export const targetClassParam = {
  parse: (text: string | null): TargetClass => {
    if (text === 'label') return text;
    return text !== null && /^\d{1,3}$/.test(text) ? Number(text) : 'predicted';
  },
  format: (target: TargetClass): string | null => (target === 'predicted' ? null : String(target)),
};

/** The history in a file that `examples.history` gave. */
export function readExampleHistory(
  file: TensorReader,
  runId: string,
  exampleId: number,
): ExampleHistory {
  const probabilities = file.floats('probabilities');
  const classes = file.shape('probabilities')[1] ?? 0;
  const { predictedClasses, confidence } = computeVerdicts(probabilities, classes);
  const imageProblem = readImageProblem(file);
  const maps = (target: StoredTarget): StoredMaps => ({
    mapSize: file.shape(`${target}Levels`)[1] ?? 0,
    levels: file.bytes(`${target}Levels`),
    scales: file.floats(`${target}Scales`),
  });
  return {
    runId,
    exampleId,
    label: file.bytes('label')[0] ?? 0,
    classNames: readClassNames(file, classes),
    ...readPixelFormat(file),
    image: imageProblem === null ? file.bytes('image') : null,
    imageProblem,
    mask: file.has('mask') ? file.bytes('mask') : null,
    epochs: file.counts('epochs'),
    probabilities,
    predictedClasses,
    confidence,
    measures: byName(recordedMetricNames, (name) => file.floats(name)),
    predictedMaps: maps('predicted'),
    labelMaps: maps('label'),
    classMaps: null,
    bytes: probabilities.byteLength + 2 * file.bytes('labelLevels').byteLength + 4096,
  };
}

/** The maps in a file that `examples.classMaps` gave, by class. */
export function readClassMaps(file: TensorReader): StoredMaps[] {
  const [classes = 0, epochs = 0, mapSize = 0] = file.shape('levels');
  const [levels, scales] = [file.bytes('levels'), file.floats('scales')];
  const cells = epochs * mapSize ** 2;
  return Array.from({ length: classes }, (_, k) => ({
    mapSize,
    levels: levels.subarray(k * cells, (k + 1) * cells),
    scales: scales.subarray(k * epochs, (k + 1) * epochs),
  }));
}

/** The class that the map at an epoch's index explains. */
export function explainedClass(
  history: ExampleHistory,
  index: number,
  target: TargetClass,
): number {
  if (typeof target === 'number') return target;
  return target === 'label' ? history.label : (history.predictedClasses[index] ?? 0);
}

/** Whether a history holds the maps of a target class. */
export const hasMapsOf = (history: ExampleHistory, target: TargetClass): boolean =>
  typeof target === 'string' || history.classMaps?.[target] !== undefined;

/**
 * The maps to show, which the history must have; where the label is predicted, both are the same map
 * and the first is stored.
 */
export function mapsFor(history: ExampleHistory, index: number, target: TargetClass): StoredMaps {
  if (typeof target === 'number') return history.classMaps?.[target] ?? history.predictedMaps;
  return target === 'label' && history.predictedClasses[index] !== history.label
    ? history.labelMaps
    : history.predictedMaps;
}

/**
 * Index of the frame to show at an epoch: the last one at or before it, else the first; -1 where
 * there are none. So that two runs of different length move on one axis.
 */
export function frameAt(epochs: Uint32Array, epoch: number): number {
  return epochs.length === 0
    ? -1
    : Math.max(
        epochs.findLastIndex((stored) => stored <= epoch),
        0,
      );
}

/** All epochs of several histories, ascending, each once. */
export const mergeEpochs = (histories: readonly ExampleHistory[]): number[] =>
  [...new Set(histories.flatMap(({ epochs }) => [...epochs]))].sort((a, b) => a - b);

/** The stored epoch next to the wished one; null where there are none. */
export function nearestEpoch(epochs: readonly number[], wished: number): number | null {
  return epochs.reduce<number | null>(
    (nearest, epoch) =>
      nearest === null || Math.abs(epoch - wished) < Math.abs(nearest - wished) ? epoch : nearest,
    null,
  );
}
