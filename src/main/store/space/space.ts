import { AfterimageError } from '../../../core/errors.ts';
import type { RunStatus } from '../../../core/records.ts';
import type { RunSizes } from '../../../core/runSizes.ts';
import type { LongTaskOptions } from '../../platform/longTask.ts';
import { Query, type Connection } from '../database/connection.ts';
import type { Checkpoints } from '../epochs/checkpoints.ts';
import type { Weights } from '../epochs/weights.ts';
import type { RunLookup } from '../runs/runLookup.ts';
import { inTransit } from '../runs/runRows.ts';
import type { Room } from './room.ts';

/** What of runs is given up. */
export interface Thinned {
  /** Weights of every epoch but the best and the last. */
  weights: boolean;
  /** The state from which completed runs could be trained further without training them again. */
  checkpoints: boolean;
}

/** In `meta`: whether new runs keep their checkpoint when they have completed. */
const keepName = 'keep_checkpoints';

/** What runs take of the history, and how they take less. */
export class Space {
  readonly #connection: Connection;
  readonly #lookup: RunLookup;
  readonly #weights: Weights;
  readonly #checkpoints: Checkpoints;
  readonly #room: Room;
  readonly #sizes: Query<RunSizes & { id: string }>;
  readonly #thinnable: Query<{ id: string }>;
  readonly #keeps: Query<{ value: string }>;
  readonly #setKeeps: Query<never>;

  constructor(
    connection: Connection,
    parts: { lookup: RunLookup; weights: Weights; checkpoints: Checkpoints; room: Room },
  ) {
    this.#connection = connection;
    this.#lookup = parts.lookup;
    this.#weights = parts.weights;
    this.#checkpoints = parts.checkpoints;
    this.#room = parts.room;
    const ofRun = (sum: string, table: string): string =>
      `coalesce((SELECT sum(${sum}) FROM ${table} WHERE ${table}.run_key = runs.run_key), 0)`;
    const weights = 'coalesce(weights_bytes, 0)';
    this.#sizes = new Query(
      connection,
      `SELECT id, ${ofRun('maps_bytes', 'epochs')} AS maps,
         ${ofRun(`bytes - maps_bytes - ${weights}`, 'epochs')} AS predictions,
         ${ofRun(weights, 'epochs')} AS weights,
         ${ofRun('length(data)', 'checkpoints')} AS checkpoint,
         ${ofRun('length(data)', 'audits')} AS audits
       FROM runs`,
    );
    this.#thinnable = new Query(
      connection,
      `SELECT id FROM runs WHERE status NOT IN ('queued', 'running') AND NOT ${inTransit}`,
    );
    this.#keeps = new Query(connection, 'SELECT value FROM meta WHERE name = ?');
    this.#setKeeps = new Query(
      connection,
      'INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
    );
  }

  /** By run id. */
  list(): Record<string, RunSizes> {
    return Object.fromEntries(this.#sizes.all().map(({ id, ...sizes }) => [id, sizes]));
  }

  /** Runs that neither wait nor train, be they in the bin. */
  listThinnable(): string[] {
    return this.#thinnable.all().map(({ id }) => id);
  }

  /** Bytes of the history's file that hold nothing. */
  get freeBytes(): number {
    return this.#room.freeBytes;
  }

  /** Whether new runs keep their checkpoint when they have completed, unless told otherwise. */
  get keepsCheckpoints(): boolean {
    return this.#keeps.get(keepName)?.value === '1';
  }

  set keepsCheckpoints(keep: boolean) {
    this.#setKeeps.run(keepName, keep ? '1' : '0');
  }

  /**
   * Gives up a part of runs, and gives its space back. CONFLICT, and nothing is given up, while one of
   * them waits or trains. Cancelled, or killed, it has given up whole epochs' weights.
   */
  async thin(
    runIds: readonly string[],
    { weights, checkpoints }: Thinned,
    options: LongTaskOptions = {},
  ): Promise<void> {
    const ids = [...new Set(runIds)];
    this.#checkIdle(ids);
    if (checkpoints) await this.#dropCheckpoints(ids, options);
    if (weights) await this.#thinWeights(ids, options);
    await this.#room.shrink(options);
  }

  /** Gives the file's free space back to the file system. */
  async compact(options: LongTaskOptions = {}): Promise<void> {
    // Where nothing can be written, that is what there is to say.
    this.#connection.transaction(() => undefined);
    await this.#room.shrink(options);
  }

  #checkIdle(runIds: readonly string[]): void {
    for (const runId of runIds) {
      const { name, status } = this.#lookup.factsOf(this.#lookup.keyOf(runId));
      if (!busy.has(status)) continue;
      throw new AfterimageError(
        'CONFLICT',
        `Run ${name} is ${status}, and its weights are needed as they are.`,
        'Wait until it has ended, or pause it first.',
      );
    }
  }

  async #dropCheckpoints(runIds: readonly string[], { signal }: LongTaskOptions): Promise<void> {
    const checkpoints = this.#checkpoints;
    const drop = (runId: string): void => {
      if (this.#lookup.factsOf(this.#lookup.keyOf(runId)).status !== 'completed') return;
      checkpoints.setKept(runId, false);
      checkpoints.removeIfSpent(runId);
    };
    await this.#removeAll(runIds, drop, signal);
  }

  async #thinWeights(runIds: readonly string[], options: LongTaskOptions): Promise<void> {
    const all = runIds.flatMap((runId) =>
      this.#weights.listSpare(runId).map((epoch) => ({ runId, epoch })),
    );
    const { onProgress, signal } = options;
    let done = 0;
    const giveUp = ({ runId, epoch }: { runId: string; epoch: number }): void => {
      this.#weights.giveUp(runId, epoch);
      onProgress?.({ step: 'Weights', done: (done += 1), total: all.length });
    };
    await this.#removeAll(all, giveUp, signal);
  }

  /** Each removal may be done twice. */
  async #removeAll<Item>(
    items: readonly Item[],
    remove: (item: Item) => void,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    await this.#room.removeInTurns(
      function* () {
        for (const item of items) {
          remove(item);
          yield;
        }
      },
      () => {
        items.forEach(remove);
      },
      signal,
    );
  }
}

/** Statuses of runs that write, or will at any moment. */
const busy: ReadonlySet<RunStatus> = new Set(['queued', 'running']);
