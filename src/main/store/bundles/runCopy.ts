import { Query, type Connection } from '../database/connection.ts';
import { isSpent } from '../epochs/checkpoints.ts';

/** Two attached databases of the same schema. */
export interface CopyDirection {
  from: string;
  to: string;
}

/** Tables with rows of one run that begin with its key, and those of them with an epoch besides. */
const tablesOfRun = ['run_tags', 'example_sets'];
const tablesOfEpoch = ['epochs', 'weights', 'example_chunks', 'audits'];

/** Columns that mean something in one history alone, and what a copy has in them. */
const localColumns: Record<string, string> = {
  status: "iif(status IN ('queued', 'running'), 'interrupted', status)",
  queue_position: 'NULL',
  owner_pid: 'NULL',
  owner_started: 'NULL',
  deleted_at: 'NULL',
  asked: 'NULL',
};

function listColumns(connection: Connection, table: string): string[] {
  const query = new Query<{ name: string }>(connection, 'SELECT name FROM pragma_table_info(?)');
  return query
    .all(table)
    .map(({ name }) => name)
    .filter((name) => name !== 'run_key');
}

function copyShared(connection: Connection, { from, to }: CopyDirection, runKey: number): void {
  new Query(
    connection,
    `INSERT OR IGNORE INTO ${to}.datasets (id, name, record, in_library)
     SELECT datasets.id, datasets.name, record, 0
     FROM ${from}.runs JOIN ${from}.datasets ON datasets.id = dataset_id WHERE run_key = ?`,
  ).run(runKey);
  new Query(
    connection,
    `INSERT OR IGNORE INTO ${to}.splits (digest, train, validation, test)
     SELECT digest, train, validation, test
     FROM ${from}.runs JOIN ${from}.splits ON digest = split_digest WHERE run_key = ?`,
  ).run(runKey);
}

function copyRow(
  connection: Connection,
  { from, to }: CopyDirection,
  runKey: number,
  given: Record<string, string>,
): number {
  const columns = listColumns(connection, 'runs');
  const values = columns.map((column) => given[column] ?? localColumns[column] ?? column);
  new Query(
    connection,
    `INSERT INTO ${to}.runs (${columns.join(', ')})
     SELECT ${values.join(', ')} FROM ${from}.runs WHERE run_key = ?`,
  ).run(runKey);
  const copy = new Query<{ run_key: number }>(
    connection,
    `SELECT run_key FROM ${to}.runs WHERE id = (SELECT id FROM ${from}.runs WHERE run_key = ?)`,
  ).get(runKey);
  return copy?.run_key ?? 0;
}

/**
 * Copies a run and all that belongs to it, its data set's record and split included, in steps of one
 * table's rows of an epoch at most; yields the epoch that is next.
 *
 * @param values SQL by column of `runs`, in place of what a copy has
 */
export function* copyRun(
  connection: Connection,
  direction: CopyDirection,
  runKey: number,
  values: Record<string, string> = {},
): Generator<number, void> {
  const { from, to } = direction;
  copyShared(connection, direction, runKey);
  const newKey = copyRow(connection, direction, runKey, values);
  for (const table of tablesOfRun) {
    const columns = listColumns(connection, table).join(', ');
    new Query(
      connection,
      `INSERT INTO ${to}.${table} (run_key, ${columns})
       SELECT ?, ${columns} FROM ${from}.${table} WHERE run_key = ?`,
    ).run(newKey, runKey);
  }
  // A run that does not go on needs nothing to go on from.
  new Query(
    connection,
    `INSERT INTO ${to}.checkpoints (run_key, data, digest)
     SELECT ?, data, digest FROM ${from}.checkpoints JOIN ${from}.runs AS runs USING (run_key)
     WHERE run_key = ? AND NOT ${isSpent}`,
  ).run(newKey, runKey);
  const epochs = new Query<{ epoch: number }>(
    connection,
    `SELECT epoch FROM ${from}.epochs WHERE run_key = ? ORDER BY epoch`,
  ).all(runKey);
  for (const { epoch } of epochs) {
    for (const table of tablesOfEpoch) {
      yield epoch;
      const columns = listColumns(connection, table).join(', ');
      new Query(
        connection,
        `INSERT INTO ${to}.${table} (run_key, ${columns})
         SELECT ?, ${columns} FROM ${from}.${table} WHERE run_key = ? AND epoch = ?`,
      ).run(newKey, runKey, epoch);
    }
  }
}
