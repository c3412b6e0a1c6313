import { AfterimageError } from '../../../core/errors.ts';
import { byName, recordedMetricNames } from '../../../core/metrics/exampleMetrics.ts';
import type { EpochExamples } from '../../../shared/trainerEvents.ts';
import { computeDigest, viewBytes } from '../database/bytes.ts';
import { chunkCount, encodeChunk, type ChunkBlobs } from './exampleCodec.ts';
import type { ExampleSetRow } from './exampleSet.ts';

export interface EncodedExamples {
  set: ExampleSetRow;
  chunks: ChunkBlobs[];
  /** SHA-256 of all of it, hex. */
  digest: string;
  /** Of the chunks, and of the maps in them. */
  bytes: number;
  mapsBytes: number;
}

const blobsOf = ({ predictions, maps, label_maps }: ChunkBlobs): Uint8Array[] => [
  predictions,
  maps,
  label_maps,
];

const lengthOf = (blobs: readonly Uint8Array[]): number =>
  blobs.reduce((sum, { length }) => sum + length, 0);

/** The digest that tells whether two epochs' examples are equal bit for bit. */
export function computeExamplesDigest(set: ExampleSetRow, chunks: readonly ChunkBlobs[]): string {
  const shape = Uint32Array.of(set.classes, set.map_size);
  return computeDigest([
    shape,
    set.example_ids,
    set.labels,
    set.mask_area,
    ...chunks.flatMap(blobsOf),
  ]);
}

function listLengths(examples: EpochExamples): Record<string, [actual: number, due: number]> {
  const count = examples.exampleIds.length;
  const cells = examples.mapSize ** 2;
  const { positions, camLevels, camScales } = examples.labelMaps;
  return {
    labels: [examples.labels.length, count],
    probabilities: [examples.probabilities.length, count * examples.classes],
    camLevels: [examples.camLevels.length, count * cells],
    camScales: [examples.camScales.length, count],
    ...byName(recordedMetricNames, (name): [number, number] => [
      examples.measures[name].length,
      count,
    ]),
    maskArea: [examples.maskArea.length, count],
    'labelMaps.camLevels': [camLevels.length, positions.length * cells],
    'labelMaps.camScales': [camScales.length, positions.length],
  };
}

function checkLengths(examples: EpochExamples): void {
  for (const [name, [actual, due]] of Object.entries(listLengths(examples))) {
    if (actual === due) continue;
    throw new AfterimageError(
      'INTERNAL',
      `The trainer sent ${actual} values as ${name} where ${due} were due.`,
      'Report this with the log; what was stored before is unchanged.',
    );
  }
}

export function encodeExamples(examples: EpochExamples): EncodedExamples {
  checkLengths(examples);
  const set = {
    classes: examples.classes,
    map_size: examples.mapSize,
    example_ids: viewBytes(examples.exampleIds),
    labels: viewBytes(examples.labels),
    mask_area: viewBytes(examples.maskArea),
  };
  const chunks = Array.from({ length: chunkCount(examples.exampleIds.length) }, (_, chunk) =>
    encodeChunk(examples, chunk),
  );
  const mapsBytes = lengthOf(chunks.flatMap(({ maps, label_maps }) => [maps, label_maps]));
  const bytes = lengthOf(chunks.flatMap(blobsOf));
  return { set, chunks, digest: computeExamplesDigest(set, chunks), bytes, mapsBytes };
}
