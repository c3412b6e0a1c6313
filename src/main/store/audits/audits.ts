import type { AuditedMethod } from '../../../core/trust/audit.ts';
import type { AuditEntry } from '../../../core/trust/auditReport.ts';
import { viewBytes } from '../database/bytes.ts';
import { Query, type Connection } from '../database/connection.ts';
import type { RunLookup } from '../runs/runLookup.ts';
import { decodeAudit, encodeAudit, type AuditRow } from './auditCodec.ts';

/** What audits said of a run's ways to explain: of each at each epoch what the last one said. */
export class Audits {
  readonly #connection: Connection;
  readonly #lookup: RunLookup;
  readonly #insert: Query<never>;
  readonly #list: Query<AuditEntry>;
  readonly #ofEpoch: Query<AuditRow>;
  readonly #images: Query<Pick<AuditRow, 'method' | 'settings'> & { ids: Uint8Array }>;
  readonly #remove: Query<never>;

  constructor(connection: Connection, lookup: RunLookup) {
    this.#connection = connection;
    this.#lookup = lookup;
    this.#insert = new Query(
      connection,
      `INSERT OR REPLACE INTO audits
         (run_key, epoch, method, settings, examples, columns, created_at, digest, data)
       VALUES (@runKey, @epoch, @method, @settings, @examples, @columns, @createdAt, @digest, @data)`,
    );
    this.#list = new Query(
      connection,
      `SELECT epoch, method, examples, created_at AS createdAt FROM audits WHERE run_key = ?
       ORDER BY epoch, rowid`,
    );
    this.#ofEpoch = new Query(
      connection,
      `SELECT epoch, method, settings, examples, columns, data FROM audits
       WHERE run_key = ? AND epoch = ? ORDER BY rowid`,
    );
    this.#images = new Query(
      connection,
      `SELECT method, settings, substr(data, 1, 4 * examples) AS ids FROM audits
       WHERE run_key = ? AND epoch = ?`,
    );
    this.#remove = new Query(
      connection,
      'DELETE FROM audits WHERE run_key = ? AND epoch = ? AND method = ?',
    );
  }

  /**
   * Stores an audit, all of it or nothing, in place of what was known of the same methods and epochs. What
   * an epoch has of other images, or with other draws, goes: the methods of an epoch compare.
   */
  insert(runId: string, audited: readonly AuditedMethod[]): void {
    const runKey = this.#lookup.keyOf(runId);
    const createdAt = new Date().toISOString();
    this.#connection.transaction(() => {
      for (const one of audited) {
        this.#removeOthers(runKey, one);
        this.#insert.run({ ...encodeAudit(one), runKey, createdAt });
      }
    });
  }

  #removeOthers(runKey: number, { epoch, exampleIds, settings }: AuditedMethod): void {
    for (const row of this.#images.all(runKey, epoch)) {
      const { seed } = JSON.parse(row.settings) as AuditedMethod['settings'];
      const isAlike =
        seed === settings.seed && Buffer.compare(row.ids, viewBytes(exampleIds)) === 0;
      if (!isAlike) this.#remove.run(runKey, epoch, row.method);
    }
  }

  /** By epoch, in the order in which they were audited. */
  list(runId: string): AuditEntry[] {
    return this.#list.all(this.#lookup.keyOf(runId));
  }

  /** All that was audited at an epoch; nothing if none was. */
  getEpoch(runId: string, epoch: number): AuditedMethod[] {
    return this.#ofEpoch.all(this.#lookup.keyOf(runId), epoch).map(decodeAudit);
  }
}
