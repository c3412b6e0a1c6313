import {
  byName,
  recordedMetricNames,
  type RecordedMetricName,
} from '../../../core/metrics/exampleMetrics.ts';
import {
  chunkLength,
  chunkSize,
  decodeLabelMaps,
  decodeMaps,
  decodePredictions,
  type CamMaps,
  type ChunkBlobs,
} from './exampleCodec.ts';
import { damaged } from '../database/errors.ts';
import { decide } from '../../../core/metrics/decide.ts';
import type { ExampleSet } from './exampleSet.ts';

/** With the metrics that the epoch recorded, in the order of the chunk's columns. */
export type ChunkOfEpoch = ChunkBlobs & { epoch: number; recorded: readonly string[] };

/** One image over E epochs, ascending. Maps are native, of size mapSize x mapSize. */
export interface ExampleHistory {
  exampleId: number;
  label: number;
  /** Share of the image's pixels with x > 0.5. */
  maskArea: number;
  classes: number;
  mapSize: number;
  /** [E] */
  epochs: Uint32Array;
  predictedClasses: Uint8Array;
  /** [E, classes] */
  probabilities: Float32Array;
  /** [E] each, NaN where undefined */
  measures: Record<RecordedMetricName, Float32Array>;
  /** [E, mapSize, mapSize] and [E], of the predicted class. */
  predictedLevels: Uint8Array;
  predictedScales: Float32Array;
  /** The same of the label's class: equal to the predicted one's where the prediction is right. */
  labelLevels: Uint8Array;
  labelScales: Float32Array;
}

/** What a viewer needs of one map to draw it: a CamFrame with its map as stored. */
export interface StoredFrame {
  epoch: number;
  targetClass: number;
  mapSize: number;
  /** [mapSize, mapSize]; M = level / 255 * scale. */
  levels: Uint8Array;
  scale: number;
  confidence: number;
  predictedClass: number;
}

function allocate(set: ExampleSet, position: number, epochs: number): ExampleHistory {
  const { classes, mapSize } = set;
  const cells = mapSize ** 2;
  const column = (): Float32Array => new Float32Array(epochs);
  return {
    exampleId: set.exampleIds[position] ?? 0,
    label: set.labels[position] ?? 0,
    maskArea: set.maskArea[position] ?? 0,
    classes,
    mapSize,
    epochs: new Uint32Array(epochs),
    predictedClasses: new Uint8Array(epochs),
    probabilities: new Float32Array(epochs * classes),
    measures: byName(recordedMetricNames, column),
    predictedLevels: new Uint8Array(epochs * cells),
    predictedScales: column(),
    labelLevels: new Uint8Array(epochs * cells),
    labelScales: column(),
  };
}

const mapAt = ({ levels, scales }: CamMaps, index: number, cells: number) => ({
  levels: levels.subarray(index * cells, (index + 1) * cells),
  scale: scales[index] ?? 0,
});

function fillMaps(history: ExampleHistory, e: number, row: ChunkOfEpoch, at: ChunkPlace): void {
  const cells = history.mapSize ** 2;
  const predicted = mapAt(decodeMaps(row.maps, at.length, at.set), at.index, cells);
  const isRight = history.predictedClasses[e] === history.label;
  const label = isRight ? predicted : readLabelMap(row, at, cells);
  history.predictedLevels.set(predicted.levels, e * cells);
  history.predictedScales[e] = predicted.scale;
  history.labelLevels.set(label.levels, e * cells);
  history.labelScales[e] = label.scale;
}

function readLabelMap(row: ChunkOfEpoch, { index, set }: ChunkPlace, cells: number) {
  const maps = decodeLabelMaps(row.label_maps, set);
  const found = maps.positions.indexOf(index);
  if (found < 0)
    throw damaged(`epoch ${row.epoch} of a run lacks the map of a wrong image's label`);
  return mapAt(maps, found, cells);
}

/** Where in a chunk of `length` images an image lies. */
interface ChunkPlace {
  set: ExampleSet;
  index: number;
  length: number;
}

/** The image at `position` of the run's images, from the rows of its chunk. */
export function buildHistory(
  set: ExampleSet,
  position: number,
  rows: readonly ChunkOfEpoch[],
): ExampleHistory {
  const chunk = Math.floor(position / chunkSize);
  const index = position % chunkSize;
  const at: ChunkPlace = { set, index, length: chunkLength(set.count, chunk) };
  const { classes } = set;
  const history = allocate(set, position, rows.length);
  for (const [e, row] of rows.entries()) {
    const part = decodePredictions(row.predictions, at.length, set, row.recorded);
    const own = part.probabilities.subarray(index * classes, (index + 1) * classes);
    history.epochs[e] = row.epoch;
    history.probabilities.set(own, e * classes);
    history.predictedClasses[e] = decide(own, 0, classes).predictedClass;
    for (const name of recordedMetricNames) {
      history.measures[name][e] = part.measures[name][index] ?? Number.NaN;
    }
    fillMaps(history, e, row, at);
  }
  return history;
}

/** One frame per epoch of a history, of the predicted class or the label. */
export function listFrames(history: ExampleHistory, target: 'predicted' | 'label'): StoredFrame[] {
  const { classes, mapSize, label } = history;
  const cells = mapSize ** 2;
  const [levels, scales] =
    target === 'label'
      ? [history.labelLevels, history.labelScales]
      : [history.predictedLevels, history.predictedScales];
  return Array.from(history.epochs, (epoch, e) => {
    const { predictedClass, confidence } = decide(history.probabilities, e * classes, classes);
    return {
      epoch,
      targetClass: target === 'label' ? label : predictedClass,
      mapSize,
      levels: levels.slice(e * cells, (e + 1) * cells),
      scale: scales[e] ?? 0,
      confidence,
      predictedClass,
    };
  });
}
