import { AfterimageError } from '../../../core/errors.ts';
import { epochMetricsSchema, type EpochMetrics } from '../../../core/records.ts';
import type { EpochResult } from '../../../shared/trainerEvents.ts';
import { computeDigest } from '../database/bytes.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Connection } from '../database/connection.ts';
import { metricNames, type EpochDigests, type Epochs } from './epochs.ts';
import { encodeExamples } from '../examples/exampleEncoding.ts';
import type { Examples } from '../examples/examples.ts';
import type { RunLookup } from '../runs/runLookup.ts';
import type { Weights } from './weights.ts';

/** `repeated`: the epoch was there already, with the same numbers. */
export type EpochOutcome = 'stored' | 'repeated';

/** Figures that the clock decides. */
const timings: ReadonlySet<string> = new Set(['durationMs', 'evaluationMs', 'imagesPerSecond']);

/** Every number of an epoch's metrics with its name: `terms.validation.crossEntropy`. */
function listNumbers(
  value: unknown,
  path: readonly string[] = [],
): [name: string, value: number][] {
  if (typeof value === 'number') return [[path.join('.'), value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => listNumbers(part, [...path, key]));
}

function checkMetrics(runId: string, metrics: EpochMetrics): void {
  for (const [name, value] of listNumbers(metrics)) {
    if (Number.isFinite(value)) continue;
    throw new AfterimageError(
      'NOT_FINITE',
      `${name} of epoch ${metrics.epoch} of run ${runId} is ${value}.`,
      'Lower learningRate or camWeight and start a new run; the epochs before this one are stored.',
    );
  }
  const checked = epochMetricsSchema.safeParse(metrics);
  if (checked.success) return;
  throw new AfterimageError(
    'INTERNAL',
    `The metrics of epoch ${metrics.epoch} of run ${runId} are not what they should be.`,
    'Report this with the log; what was stored before is unchanged.',
    checked.error,
  );
}

function findDifference(
  old: { metrics: EpochMetrics; digests: EpochDigests },
  now: { metrics: EpochMetrics; digests: EpochDigests },
): string | null {
  for (const name of metricNames) {
    const [before, after] = [old.metrics[name], now.metrics[name]].map((value) =>
      JSON.stringify(value),
    );
    if (timings.has(name) || before === after) continue;
    return `${name} was ${before ?? ''} and is ${after ?? ''} now`;
  }
  if (old.digests.examples !== now.digests.examples) return 'predictions or maps differ';
  return old.digests.weights === now.digests.weights ? null : 'weights differ';
}

/** Stores whole epochs: all of one, or nothing. */
export class EpochWriter {
  readonly #connection: Connection;
  readonly #lookup: RunLookup;
  readonly #epochs: Epochs;
  readonly #examples: Examples;
  readonly #weights: Weights;
  readonly #checkpoints: Checkpoints;

  constructor(
    connection: Connection,
    parts: {
      lookup: RunLookup;
      epochs: Epochs;
      examples: Examples;
      weights: Weights;
      checkpoints: Checkpoints;
    },
  ) {
    this.#connection = connection;
    this.#lookup = parts.lookup;
    this.#epochs = parts.epochs;
    this.#examples = parts.examples;
    this.#weights = parts.weights;
    this.#checkpoints = parts.checkpoints;
  }

  /**
   * Stores an epoch's metrics, examples and weights, the checkpoint and the run's best epoch in one
   * transaction. An epoch that is stored already must be equal to the bit, timings apart (CONFLICT
   * if not), and leaves only its checkpoint. CONFLICT too if an epoch is missing before it,
   * NOT_FINITE if a metric is not a number.
   */
  insert(runId: string, { metrics, examples, weights, checkpoint }: EpochResult): EpochOutcome {
    checkMetrics(runId, metrics);
    const encoded = encodeExamples(examples);
    const digests = { examples: encoded.digest, weights: computeDigest([weights]) };
    return this.#connection.transaction(() => {
      const runKey = this.#lookup.keyOf(runId);
      const isStored = this.#isStored(runId, runKey, { metrics, digests });
      if (!isStored) {
        this.#epochs.insert(runKey, metrics, digests, {
          all: encoded.bytes + weights.length,
          maps: encoded.mapsBytes,
          weights: weights.length,
        });
        this.#examples.insert(runKey, metrics.epoch, encoded);
        this.#weights.insert(runKey, metrics.epoch, weights);
      }
      this.#checkpoints.replace(runId, checkpoint);
      return isStored ? 'repeated' : 'stored';
    });
  }

  #isStored(
    runId: string,
    runKey: number,
    now: { metrics: EpochMetrics; digests: EpochDigests },
  ): boolean {
    const { epoch } = now.metrics;
    const metrics = this.#epochs.find(runKey, epoch);
    const digests = this.#epochs.digestsOf(runKey, epoch);
    if (!metrics || !digests) {
      this.#checkNext(runId, epoch, this.#epochs.lastOf(runKey));
      return false;
    }
    const difference = findDifference({ metrics, digests }, now);
    if (difference === null) return true;
    throw new AfterimageError(
      'CONFLICT',
      `Epoch ${epoch} of run ${runId} was computed again with another result: ${difference}.`,
      'The engine, its threads or its libraries changed. Resume with the ones that the run began with, or start a new run; what was stored is unchanged.',
    );
  }

  #checkNext(runId: string, epoch: number, last: number | null): void {
    const due = last === null ? 0 : last + 1;
    if (epoch === due) return;
    throw new AfterimageError(
      'CONFLICT',
      `The trainer sent epoch ${epoch} of run ${runId} where epoch ${due} was due.`,
      'Resume the run from its stored checkpoint.',
    );
  }
}
