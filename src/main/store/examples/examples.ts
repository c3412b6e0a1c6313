import { AfterimageError } from '../../../core/errors.ts';
import { decide } from '../../../core/metrics/decide.ts';
import { byName, recordedMetricNames } from '../../../core/metrics/exampleMetrics.ts';
import type { Example, ExampleQuery } from '../../../core/records.ts';
import { Query, type Connection } from '../database/connection.ts';
import { listRecorded, type Epochs } from '../epochs/epochs.ts';
import { damaged } from '../database/errors.ts';
import {
  chunkCount,
  chunkLength,
  chunkSize,
  decodeMaps,
  decodePredictions,
  type ChunkBlobs,
} from './exampleCodec.ts';
import type { EncodedExamples } from './exampleEncoding.ts';
import { decodeSet, type ExampleSet, type ExampleSetRow } from './exampleSet.ts';
import {
  buildHistory,
  listFrames,
  type ExampleHistory,
  type StoredFrame,
} from './exampleHistory.ts';
import {
  countExamples,
  selectExamples,
  type EpochPredictions,
  type ExampleCounts,
} from './exampleSelection.ts';
import type { RunLookup } from '../runs/runLookup.ts';

/** Everything of one epoch, in the order of `exampleIds`. */
export interface StoredEpoch extends EpochPredictions {
  mapSize: number;
  /** [N] */
  predictedClasses: Uint8Array;
  /** [N, mapSize, mapSize], of the predicted classes. */
  camLevels: Uint8Array;
  /** [N] */
  camScales: Float32Array;
}

/** `means`: of the epoch's recorded metrics by name, JSON (see `Epochs`). */
type ChunkRow = ChunkBlobs & { epoch: number; means: string };

/** Predictions and maps of every image at every epoch. */
export class Examples {
  readonly #lookup: RunLookup;
  readonly #epochs: Epochs;
  readonly #insertSet: Query<never>;
  readonly #insertChunk: Query<never>;
  readonly #set: Query<ExampleSetRow>;
  readonly #predictions: Query<Pick<ChunkBlobs, 'predictions'>>;
  readonly #predictionsAndMaps: Query<Pick<ChunkBlobs, 'predictions' | 'maps'>>;
  readonly #chunk: Query<ChunkRow>;
  readonly #chunkOfAllEpochs: Query<ChunkRow>;

  constructor(connection: Connection, lookup: RunLookup, epochs: Epochs) {
    this.#lookup = lookup;
    this.#epochs = epochs;
    this.#insertSet = new Query(
      connection,
      `INSERT INTO example_sets (run_key, classes, map_size, example_ids, labels, mask_area)
       VALUES (?, ?, ?, ?, ?, ?)`,
    );
    this.#insertChunk = new Query(
      connection,
      `INSERT INTO example_chunks (run_key, epoch, chunk, predictions, maps, label_maps)
       VALUES (?, ?, ?, ?, ?, ?)`,
    );
    this.#set = new Query(
      connection,
      `SELECT classes, map_size, example_ids, labels, mask_area FROM example_sets
       WHERE run_key = ?`,
    );
    const ofEpoch = 'FROM example_chunks WHERE run_key = ? AND epoch = ? ORDER BY chunk';
    this.#predictions = new Query(connection, `SELECT predictions ${ofEpoch}`);
    this.#predictionsAndMaps = new Query(connection, `SELECT predictions, maps ${ofEpoch}`);
    const columns = 'SELECT epoch, map_means AS means, predictions, maps, label_maps';
    // CROSS JOIN keeps the order: one look-up per epoch.
    const joined = 'FROM epochs CROSS JOIN example_chunks USING (run_key, epoch)';
    this.#chunk = new Query(
      connection,
      `${columns} ${joined} WHERE run_key = ? AND epoch = ? AND chunk = ?`,
    );
    this.#chunkOfAllEpochs = new Query(
      connection,
      `${columns} ${joined} WHERE run_key = ? AND chunk = ? ORDER BY epoch`,
    );
  }

  /** Stores the examples of an epoch whose row is there already. */
  insert(runKey: number, epoch: number, { set, chunks }: EncodedExamples): void {
    if (epoch === 0) {
      const { classes, map_size, example_ids, labels, mask_area } = set;
      this.#insertSet.run(runKey, classes, map_size, example_ids, labels, mask_area);
    } else {
      this.#checkSet(runKey, set);
    }
    for (const [chunk, { predictions, maps, label_maps }] of chunks.entries()) {
      this.#insertChunk.run(runKey, epoch, chunk, predictions, maps, label_maps);
    }
  }

  #checkSet(runKey: number, set: ExampleSetRow): void {
    const stored = this.#readSetRow(runKey);
    const isSame =
      stored.classes === set.classes &&
      stored.map_size === set.map_size &&
      Buffer.compare(stored.example_ids, set.example_ids) === 0 &&
      Buffer.compare(stored.labels, set.labels) === 0 &&
      Buffer.compare(stored.mask_area, set.mask_area) === 0;
    if (isSame) return;
    throw new AfterimageError(
      'CONFLICT',
      'The images that this epoch was evaluated on are not those of the epochs before.',
      'Bring back the data set as it was, or start a new run.',
    );
  }

  /** The images that pass every filter of the query. */
  list(query: ExampleQuery): Example[] {
    return selectExamples(this.#readPredictions(query.runId, query.epoch), query);
  }

  /** The four quadrants and the spread of confidence; null stands for the best or last epoch. */
  count(runId: string, epoch: number | null, threshold: number): ExampleCounts {
    return countExamples(this.#readPredictions(runId, epoch), threshold);
  }

  /** All images of one epoch; null stands for the best or last one. */
  getEpoch(runId: string, epoch: number | null): StoredEpoch {
    const runKey = this.#lookup.keyOf(runId);
    const stored = this.#epochs.resolve(runKey, epoch);
    const set = this.#readSet(runKey);
    const rows = this.#predictionsAndMaps.all(runKey, stored);
    const predictions = joinPredictions(set, stored, rows, this.#epochs.recordedOf(runKey, stored));
    const cells = set.mapSize ** 2;
    const camLevels = new Uint8Array(set.count * cells);
    const camScales = new Float32Array(set.count);
    for (const [chunk, { maps }] of rows.entries()) {
      const { levels, scales } = decodeMaps(maps, chunkLength(set.count, chunk), set);
      camLevels.set(levels, chunk * chunkSize * cells);
      camScales.set(scales, chunk * chunkSize);
    }
    const predictedClasses = Uint8Array.from(
      set.labels,
      (_, i) => decide(predictions.probabilities, i * set.classes, set.classes).predictedClass,
    );
    return { ...predictions, mapSize: set.mapSize, predictedClasses, camLevels, camScales };
  }

  /**
   * One image at the given epoch (null: the best or last one) or at every stored one;
   * NOT_FOUND if the run did not evaluate it.
   */
  getHistory(
    runId: string,
    exampleId: number,
    epoch: number | null | 'all' = 'all',
  ): ExampleHistory {
    const runKey = this.#lookup.keyOf(runId);
    const stored = this.#epochs.resolve(runKey, epoch === 'all' ? null : epoch);
    const set = this.#readSet(runKey);
    const position = set.exampleIds.indexOf(exampleId);
    if (position < 0) {
      throw new AfterimageError(
        'NOT_FOUND',
        `Run ${runId} did not evaluate test image ${exampleId}.`,
        `It evaluated ${set.count} test images; list its examples to see which.`,
      );
    }
    const chunk = Math.floor(position / chunkSize);
    const rows =
      epoch === 'all'
        ? this.#chunkOfAllEpochs.all(runKey, chunk)
        : this.#chunk.all(runKey, stored, chunk);
    return buildHistory(
      set,
      position,
      rows.map(({ means, ...row }) => ({ ...row, recorded: listRecorded(means) })),
    );
  }

  /** The maps of one image for its predicted class or its label, ascending by epoch. */
  listFrames(
    runId: string,
    exampleId: number,
    epoch: number | null | 'all',
    target: 'predicted' | 'label',
  ): StoredFrame[] {
    return listFrames(this.getHistory(runId, exampleId, epoch), target);
  }

  #readPredictions(runId: string, epoch: number | null): EpochPredictions {
    const runKey = this.#lookup.keyOf(runId);
    const stored = this.#epochs.resolve(runKey, epoch);
    const rows = this.#predictions.all(runKey, stored);
    return joinPredictions(
      this.#readSet(runKey),
      stored,
      rows,
      this.#epochs.recordedOf(runKey, stored),
    );
  }

  #readSet(runKey: number): ExampleSet {
    return decodeSet(this.#readSetRow(runKey));
  }

  #readSetRow(runKey: number): ExampleSetRow {
    const row = this.#set.get(runKey);
    if (!row) throw damaged('a run has epochs but no list of its test images');
    return row;
  }
}

function joinPredictions(
  set: ExampleSet,
  epoch: number,
  rows: readonly Pick<ChunkBlobs, 'predictions'>[],
  recorded: readonly string[],
): EpochPredictions {
  if (rows.length !== chunkCount(set.count)) {
    throw damaged(`epoch ${epoch} of a run has ${rows.length} chunks of examples`);
  }
  const { count, classes, exampleIds, labels, maskArea } = set;
  const column = (): Float32Array => new Float32Array(count);
  const joined = {
    probabilities: new Float32Array(count * classes),
    measures: byName(recordedMetricNames, column),
  };
  for (const [chunk, { predictions }] of rows.entries()) {
    const part = decodePredictions(predictions, chunkLength(count, chunk), set, recorded);
    const first = chunk * chunkSize;
    joined.probabilities.set(part.probabilities, first * classes);
    for (const name of recordedMetricNames) joined.measures[name].set(part.measures[name], first);
  }
  return { epoch, classes, exampleIds, labels, maskArea, ...joined };
}
