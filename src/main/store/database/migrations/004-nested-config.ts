import { upgradeRunConfig } from '../../../../core/config/upgrade.ts';
import { AfterimageError } from '../../../../core/errors.ts';
import { Query, type Connection } from '../connection.ts';
import type { Migration } from './migration.ts';

const messageOf = (error: unknown): string =>
  error instanceof AfterimageError || error instanceof SyntaxError ? error.message : String(error);

function upgrade(id: string, config: string): string {
  try {
    return JSON.stringify(upgradeRunConfig(JSON.parse(config)));
  } catch (error) {
    throw new AfterimageError(
      'CORRUPT_HISTORY',
      `The configuration of run ${id} cannot be read: ${messageOf(error)}`,
      'Restore the history from a backup. Nothing was changed.',
      error,
    );
  }
}

function upgradeConfigs(connection: Connection): void {
  const runs = new Query<{ run_key: number; id: string; config: string }>(
    connection,
    'SELECT run_key, id, config FROM runs',
  );
  const update = new Query(connection, 'UPDATE runs SET config = ? WHERE run_key = ?');
  for (const { run_key: runKey, id, config } of runs.all()) update.run(upgrade(id, config), runKey);
}

/** Configurations, flat until then, nested by component. */
export const nestedConfig: Migration = { version: 4, sql: '', fill: upgradeConfigs };
