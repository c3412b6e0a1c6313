import { computeDigest } from '../database/bytes.ts';
import { Query, type Connection } from '../database/connection.ts';
import { decodeAudit, type AuditRow } from './auditCodec.ts';

/** Checks that audits hold what was stored. */
export class AuditChecker {
  readonly #ofEpoch: Query<AuditRow & { digest: string }>;

  constructor(connection: Connection) {
    this.#ofEpoch = new Query(
      connection,
      `SELECT epoch, method, settings, examples, columns, data, digest FROM audits
       WHERE run_key = ? AND epoch = ? ORDER BY rowid`,
    );
  }

  /** Every audit of an epoch, in words; throws CORRUPT_HISTORY for one that cannot be read. */
  check(runKey: number, epoch: number): string[] {
    return this.#ofEpoch.all(runKey, epoch).flatMap((row) => {
      decodeAudit(row);
      const isSame = computeDigest([row.data]) === row.digest;
      return isSame ? [] : [`its audit of ${row.method} is not what was stored`];
    });
  }
}
