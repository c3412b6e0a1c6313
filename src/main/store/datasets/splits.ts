import { AfterimageError } from '../../../core/errors.ts';
import type { DatasetRecord } from '../../../core/records.ts';
import type { Split } from '../../../shared/trainerEvents.ts';
import { BytesReader, computeDigest, viewBytes } from '../database/bytes.ts';
import { Query, type Connection } from '../database/connection.ts';
import { parseDatasetRecord } from './datasets.ts';
import type { RunLookup } from '../runs/runLookup.ts';

interface SplitRow {
  digest: string;
  train: Uint8Array;
  validation: Uint8Array;
  test: Uint8Array;
}

/** What a run was trained and evaluated on. */
export interface RunData {
  dataset: DatasetRecord;
  split: Split;
}

/** SHA-256 in hex of the three lengths and the indices. */
export function computeSplitDigest({ train, validation, test }: Split): string {
  const lengths = Uint32Array.of(train.length, validation.length, test.length);
  return computeDigest([lengths, train, validation, test]);
}

function readIndices(bytes: Uint8Array): Uint32Array {
  const reader = new BytesReader(bytes, 'a split');
  const indices = reader.takeUint32(Math.floor(bytes.length / Uint32Array.BYTES_PER_ELEMENT));
  reader.end();
  return indices;
}

const buildSplit = (row: SplitRow): Split => ({
  train: readIndices(row.train),
  validation: readIndices(row.validation),
  test: readIndices(row.test),
});

/** Which images runs use; the same choice of images is stored once. */
export class Splits {
  readonly #connection: Connection;
  readonly #lookup: RunLookup;
  readonly #insert: Query<never>;
  readonly #assign: Query<never>;
  readonly #assigned: Query<{ dataset_id: string | null; split_digest: string | null }>;
  readonly #ofRun: Query<SplitRow & { record: string }>;
  readonly #dataset: Query<{ record: string }>;

  constructor(connection: Connection, lookup: RunLookup) {
    this.#connection = connection;
    this.#lookup = lookup;
    this.#insert = new Query(connection, 'INSERT OR IGNORE INTO splits VALUES (?, ?, ?, ?)');
    this.#assign = new Query(
      connection,
      'UPDATE runs SET dataset_id = ?, split_digest = ? WHERE run_key = ?',
    );
    this.#assigned = new Query(
      connection,
      'SELECT dataset_id, split_digest FROM runs WHERE run_key = ?',
    );
    this.#ofRun = new Query(
      connection,
      `SELECT digest, train, validation, test, record
       FROM runs JOIN splits ON digest = split_digest JOIN datasets ON datasets.id = dataset_id
       WHERE run_key = ?`,
    );
    this.#dataset = new Query(
      connection,
      'SELECT record FROM runs JOIN datasets ON datasets.id = dataset_id WHERE run_key = ?',
    );
  }

  /**
   * Says which images of which stored data set the run uses. That is decided once: CONFLICT if it is
   * another choice than before, because the data set was replaced meanwhile.
   */
  assign(runId: string, datasetId: string, split: Split): void {
    const digest = computeSplitDigest(split);
    this.#connection.transaction(() => {
      const runKey = this.#lookup.keyOf(runId);
      const { dataset_id, split_digest } = this.#assigned.get(runKey) ?? {};
      const isNew = split_digest === null;
      if (!isNew && (dataset_id !== datasetId || split_digest !== digest)) {
        throw new AfterimageError(
          'CONFLICT',
          `Run ${runId} began on other images than these.`,
          'Bring back the data set as it was, or start a new run.',
        );
      }
      const { train, validation, test } = split;
      this.#insert.run(digest, viewBytes(train), viewBytes(validation), viewBytes(test));
      this.#assign.run(datasetId, digest, runKey);
    });
  }

  /** The data set and the images of a run; null before they were assigned. */
  get(runId: string): RunData | null {
    const row = this.#ofRun.get(this.#lookup.keyOf(runId));
    if (!row) return null;
    return { dataset: parseDatasetRecord(row.record), split: buildSplit(row) };
  }

  /** The data set of a run, be its images here or not; null before it was assigned. */
  getDataset(runId: string): DatasetRecord | null {
    const row = this.#dataset.get(this.#lookup.keyOf(runId));
    return row ? parseDatasetRecord(row.record) : null;
  }
}
