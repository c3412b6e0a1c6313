import {
  byName,
  isRecorded,
  recordedMetricNames,
  type RecordedMetricName,
} from '../../../core/metrics/exampleMetrics.ts';
import type { EpochExamples } from '../../../shared/trainerEvents.ts';
import { BytesReader, joinBytes } from '../database/bytes.ts';

/**
 * Images per row of `example_chunks`. Measured (bench/README.md): such rows are written and filtered
 * five times as fast as one row per image, and fill their pages best. Compression would save 5 to 20%
 * (the floats' mantissas are noise) and make reading one image four times as slow: there is none.
 */
export const chunkSize = 128;

/** What the length of every array of a run's examples follows from. */
export interface ExampleShape {
  /** Evaluated images N. */
  count: number;
  classes: number;
  mapSize: number;
}

export interface ChunkBlobs {
  predictions: Uint8Array;
  maps: Uint8Array;
  label_maps: Uint8Array;
}

/** Of the n images of a chunk; NaN where undefined. */
export interface Predictions {
  /** [n, classes] */
  probabilities: Float32Array;
  /** [n] each; all NaN for a metric that the epoch did not record. */
  measures: Record<RecordedMetricName, Float32Array>;
}

export interface CamMaps {
  /** [n] */
  scales: Float32Array;
  /** [n, mapSize, mapSize] */
  levels: Uint8Array;
}

export interface LabelMaps extends CamMaps {
  /** Positions within the chunk, ascending. */
  positions: Uint32Array;
}

export const chunkCount = (count: number): number => Math.ceil(count / chunkSize);

/** Images in a chunk: all but the last are full. */
export const chunkLength = (count: number, chunk: number): number =>
  Math.min(chunkSize, count - chunk * chunkSize);

/** Index of the first element of ascending `values` that is at least `bound`. */
function findFirst(values: Uint32Array, bound: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? bound) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

function encodeLabelMaps(examples: EpochExamples, begin: number, end: number): Uint8Array {
  const { positions, camLevels, camScales } = examples.labelMaps;
  const cells = examples.mapSize ** 2;
  const [first, last] = [findFirst(positions, begin), findFirst(positions, end)];
  return joinBytes(
    positions.slice(first, last).map((position) => position - begin),
    camScales.subarray(first, last),
    camLevels.subarray(first * cells, last * cells),
  );
}

/** The BLOBs of one chunk of an epoch's examples. */
export function encodeChunk(examples: EpochExamples, chunk: number): ChunkBlobs {
  const begin = chunk * chunkSize;
  const end = begin + chunkLength(examples.exampleIds.length, chunk);
  const cells = examples.mapSize ** 2;
  return {
    predictions: joinBytes(
      examples.probabilities.subarray(begin * examples.classes, end * examples.classes),
      ...recordedMetricNames.map((name) => examples.measures[name].subarray(begin, end)),
    ),
    maps: joinBytes(
      examples.camScales.subarray(begin, end),
      examples.camLevels.subarray(begin * cells, end * cells),
    ),
    label_maps: encodeLabelMaps(examples, begin, end),
  };
}

/**
 * @param recorded metrics in the order of the chunk's columns, as the epoch's row names them; those that
 *   this version does not know are passed over
 */
export function decodePredictions(
  bytes: Uint8Array,
  length: number,
  { classes }: ExampleShape,
  recorded: readonly string[],
): Predictions {
  const reader = new BytesReader(bytes, 'a chunk of predictions');
  const probabilities = reader.takeFloat32(length * classes);
  const measures: Predictions['measures'] = byName(recordedMetricNames, () =>
    new Float32Array(length).fill(Number.NaN),
  );
  for (const name of recorded) {
    const column = reader.takeFloat32(length);
    if (isRecorded(name)) measures[name] = column;
  }
  reader.end();
  return { probabilities, measures };
}

export function decodeMaps(bytes: Uint8Array, length: number, { mapSize }: ExampleShape): CamMaps {
  const reader = new BytesReader(bytes, 'a chunk of maps');
  const maps = {
    scales: reader.takeFloat32(length),
    levels: reader.takeUint8(length * mapSize ** 2),
  };
  reader.end();
  return maps;
}

export function decodeLabelMaps(bytes: Uint8Array, { mapSize }: ExampleShape): LabelMaps {
  const cells = mapSize ** 2;
  const reader = new BytesReader(bytes, 'a chunk of label maps');
  const length = Math.floor(bytes.length / (8 + cells));
  const maps = {
    positions: reader.takeUint32(length),
    scales: reader.takeFloat32(length),
    levels: reader.takeUint8(length * cells),
  };
  reader.end();
  return maps;
}
