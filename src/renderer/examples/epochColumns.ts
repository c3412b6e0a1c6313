import {
  byName,
  isRecorded,
  recordedMetricNames,
  type ReadyMetricName,
  type RecordedMetricName,
} from '../../core/metrics/exampleMetrics.ts';
import type { StoredMaps } from '../maps/storedMaps.ts';
import { computeVerdicts } from './probabilities.ts';
import { readClassNames, readPixelFormat } from './runData.ts';
import type { TensorReader } from './tensorFile.ts';

/** Every evaluated image of one run at one epoch, N in all, as columns of equal length. */
export interface EpochColumns {
  epoch: number;
  count: number;
  classes: number;
  /** [classes] */
  classNames: readonly string[];
  /** Height and width of the images, be they here or not. */
  imageSize: number;
  exampleIds: Uint32Array;
  labels: Uint8Array;
  predictedClasses: Uint8Array;
  /** [N, classes] */
  probabilities: Float32Array;
  confidence: Float32Array;
  confidenceMargin: Float32Array;
  /** NaN where undefined. */
  measures: Record<RecordedMetricName, Float32Array>;
  /** Of the predicted classes. */
  maps: StoredMaps;
  /** Memory that the columns take. */
  bytes: number;
}

/** The columns of a file that `examples.epoch` gave. */
export function readEpochColumns(file: TensorReader, epoch: number): EpochColumns {
  const exampleIds = file.counts('exampleIds');
  const probabilities = file.floats('probabilities');
  const classes = file.shape('probabilities')[1] ?? 0;
  const { confidence, confidenceMargin } = computeVerdicts(probabilities, classes);
  const levels = file.bytes('camLevels');
  return {
    epoch,
    count: exampleIds.length,
    classes,
    classNames: readClassNames(file, classes),
    imageSize: readPixelFormat(file).imageSize,
    exampleIds,
    labels: file.bytes('labels'),
    predictedClasses: file.bytes('predictedClasses'),
    probabilities,
    confidence,
    confidenceMargin,
    measures: byName(recordedMetricNames, (name) => file.floats(name)),
    maps: { mapSize: file.shape('camLevels')[1] ?? 0, levels, scales: file.floats('camScales') },
    bytes:
      levels.byteLength +
      probabilities.byteLength +
      exampleIds.length * (22 + 4 * recordedMetricNames.length),
  };
}

/** A metric of every image; NaN where undefined. */
export const columnOf = (columns: EpochColumns, name: ReadyMetricName): Float32Array =>
  isRecorded(name) ? columns.measures[name] : columns[name];

/** Position of each exampleId in the columns; -1 for ids that are not there. */
export function indexPositions(exampleIds: Uint32Array): Int32Array {
  const largest = exampleIds.reduce((max, id) => Math.max(max, id), -1);
  const positions = new Int32Array(largest + 1).fill(-1);
  exampleIds.forEach((id, position) => {
    positions[id] = position;
  });
  return positions;
}
