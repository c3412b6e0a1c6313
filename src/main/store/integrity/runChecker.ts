import { AfterimageError } from '../../../core/errors.ts';
import { datasetRecordSchema, engineNames, runSchema } from '../../../core/records.ts';
import { computeDigest, viewBytes } from '../database/bytes.ts';
import { Query, type Connection } from '../database/connection.ts';
import { AuditChecker } from '../audits/auditChecker.ts';
import { Epochs } from '../epochs/epochs.ts';
import {
  chunkCount,
  chunkLength,
  decodeLabelMaps,
  decodeMaps,
  decodePredictions,
  type ChunkBlobs,
} from '../examples/exampleCodec.ts';
import { computeExamplesDigest } from '../examples/exampleEncoding.ts';
import { decodeSet, type ExampleSet, type ExampleSetRow } from '../examples/exampleSet.ts';
import { isRunId } from '../database/ids.ts';
import { RunLookup } from '../runs/runLookup.ts';
import { buildRun, inTransit, parseEnvironment, runColumns, type RunRow } from '../runs/runRows.ts';
import { computeSplitDigest, Splits } from '../datasets/splits.ts';

interface CheckedRun extends RunRow {
  split_digest: string | null;
  requested_engine: string | null;
  environment: string | null;
}
interface BlobRow {
  data: Uint8Array;
}

const messageOf = (error: unknown): string =>
  error instanceof AfterimageError ? error.message : String(error);

/** What `check` throws, as a list of one. */
function problemsOf(check: () => string[]): string[] {
  try {
    return check();
  } catch (error) {
    return [messageOf(error)];
  }
}

function checkChunk(
  chunk: number,
  blobs: ChunkBlobs,
  set: ExampleSet,
  recorded: readonly string[],
): void {
  const length = chunkLength(set.count, chunk);
  decodePredictions(blobs.predictions, length, set, recorded);
  decodeMaps(blobs.maps, length, set);
  decodeLabelMaps(blobs.label_maps, set);
}

/** What the record does not show, and what resuming reads. */
function checkSetup({ id, requested_engine: engine, environment }: CheckedRun): string[] {
  parseEnvironment(id, environment);
  const isOne = engine === null || (engineNames as readonly string[]).includes(engine);
  return isOne ? [] : ['the engine that was asked for is none'];
}

/** Checks what a run's rows say against each other, down to every byte of every epoch. */
export class RunChecker {
  readonly #epochs: Epochs;
  readonly #splits: Splits;
  readonly #runs: Query<CheckedRun>;
  readonly #set: Query<ExampleSetRow>;
  readonly #chunks: Query<ChunkBlobs & { chunk: number }>;
  readonly #weights: Query<BlobRow>;
  readonly #givenUp: Query<{ given_up: number }>;
  readonly #checkpoint: Query<BlobRow & { digest: string }>;
  readonly #audits: AuditChecker;

  constructor(connection: Connection) {
    const lookup = new RunLookup(connection);
    this.#audits = new AuditChecker(connection);
    this.#epochs = new Epochs(connection, lookup);
    this.#splits = new Splits(connection, lookup);
    this.#runs = new Query(
      connection,
      `SELECT ${runColumns}, split_digest, requested_engine, environment FROM runs WHERE NOT ${inTransit} ORDER BY run_key`,
    );
    this.#set = new Query(
      connection,
      `SELECT classes, map_size, example_ids, labels, mask_area FROM example_sets
       WHERE run_key = ?`,
    );
    this.#chunks = new Query(
      connection,
      `SELECT chunk, predictions, maps, label_maps FROM example_chunks
       WHERE run_key = ? AND epoch = ? ORDER BY chunk`,
    );
    this.#weights = new Query(
      connection,
      'SELECT data FROM weights WHERE run_key = ? AND epoch = ?',
    );
    this.#givenUp = new Query(
      connection,
      'SELECT weights_bytes IS NULL AS given_up FROM epochs WHERE run_key = ? AND epoch = ?',
    );
    this.#checkpoint = new Query(
      connection,
      'SELECT data, digest FROM checkpoints WHERE run_key = ?',
    );
  }

  listRuns(): CheckedRun[] {
    return this.#runs.all();
  }

  listEpochs(run: RunRow): number[] {
    return this.#epochs.listOfRun(run.run_key).map(({ epoch }) => epoch);
  }

  /** Everything but the epochs' arrays. */
  checkRun(run: CheckedRun): string[] {
    return [
      ...problemsOf(() => this.#checkRecord(run)),
      ...problemsOf(() => checkSetup(run)),
      ...problemsOf(() => this.#checkSplit(run)),
      ...problemsOf(() => this.#checkCheckpoint(run)),
    ];
  }

  #checkRecord(run: RunRow): string[] {
    const epochs = this.#epochs.listOfRun(run.run_key);
    const problems: string[] = [];
    if (!isRunId(run.id) || !runSchema.safeParse({ ...buildRun(run, []), epochs }).success) {
      problems.push('its record is not that of a run');
    }
    const gap = epochs.findIndex(({ epoch }, i) => epoch !== i);
    if (gap >= 0) problems.push(`epoch ${gap} is missing`);
    const trained = epochs.filter(({ epoch }) => epoch > 0);
    const best = trained.toSorted((a, b) => a.validationLoss - b.validationLoss)[0];
    if ((best?.epoch ?? null) !== run.best_epoch) {
      problems.push(`epoch ${run.best_epoch ?? 'none'} is not its best one`);
    }
    return problems;
  }

  #checkSplit(run: CheckedRun): string[] {
    if (run.split_digest === null) return [];
    const data = this.#splits.get(run.id);
    if (!data || computeSplitDigest(data.split) !== run.split_digest) {
      return ['its split is not what was stored'];
    }
    const record = datasetRecordSchema.safeParse(data.dataset);
    if (!record.success) return ["its data set's record is not one"];
    if (record.data.id !== run.dataset_id) return ["its data set's record is another set's"];
    const set = this.#set.get(run.run_key);
    if (!set || Buffer.compare(set.example_ids, viewBytes(data.split.test)) === 0) return [];
    return ['its test images are not those of its split'];
  }

  #checkCheckpoint(run: RunRow): string[] {
    const row = this.#checkpoint.get(run.run_key);
    const isSame = !row || computeDigest([row.data]) === row.digest;
    return isSame ? [] : ['its checkpoint is not what was stored'];
  }

  /** The arrays of one epoch. */
  checkEpoch(run: RunRow, epoch: number): string[] {
    return problemsOf(() => [
      ...this.#checkExamples(run, epoch),
      ...this.#checkWeights(run, epoch),
      ...this.#audits.check(run.run_key, epoch),
    ]).map((problem) => `epoch ${epoch}: ${problem}`);
  }

  #checkExamples(run: RunRow, epoch: number): string[] {
    const row = this.#set.get(run.run_key);
    if (!row) return ['there is no list of its test images'];
    const set = decodeSet(row);
    const chunks = this.#chunks.all(run.run_key, epoch);
    const due = chunkCount(set.count);
    if (chunks.length !== due || chunks.some(({ chunk }, i) => chunk !== i)) {
      return [`it has ${chunks.length} chunks of examples, not ${due}`];
    }
    const recorded = this.#epochs.recordedOf(run.run_key, epoch);
    for (const { chunk, ...blobs } of chunks) checkChunk(chunk, blobs, set, recorded);
    const stored = this.#epochs.digestsOf(run.run_key, epoch)?.examples;
    const isSame = computeExamplesDigest(row, chunks) === stored;
    return isSame ? [] : ['its predictions or maps are not what was stored'];
  }

  #checkWeights(run: RunRow, epoch: number): string[] {
    const row = this.#weights.get(run.run_key, epoch);
    if (!row) {
      const isGivenUp = this.#givenUp.get(run.run_key, epoch)?.given_up === 1;
      return isGivenUp ? [] : ['its weights are missing'];
    }
    const stored = this.#epochs.digestsOf(run.run_key, epoch)?.weights;
    return computeDigest([row.data]) === stored ? [] : ['its weights are not what was stored'];
  }
}
