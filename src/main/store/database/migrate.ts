import { AfterimageError } from '../../../core/errors.ts';
import { Query, type Connection } from './connection.ts';
import { notAHistory } from './errors.ts';
import { migrations as allMigrations } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';

/** Marks a file as an Afterimage history: 'AFIM'. */
export const applicationId = 0x4146494d;

const schemaVersion = (connection: Connection): number => Number(connection.pragma('user_version'));

/** Which version of the application brought the schema to where it is. */
function writtenBy(connection: Connection): string {
  const query = new Query<{ value: string }>(
    connection,
    "SELECT value FROM meta WHERE name = 'schema_written_by'",
  );
  return query.get()?.value ?? 'an unknown version';
}

function checkNotNewer(connection: Connection, latest: number): void {
  const version = schemaVersion(connection);
  if (version <= latest) return;
  throw new AfterimageError(
    'NEWER_VERSION',
    `${connection.name} was written by Afterimage ${writtenBy(connection)} (schema ${version}; this version knows up to ${latest}).`,
    'Install that version or a later one. Nothing was changed.',
  );
}

/** Refuses, before anything is written, what is no whole history, or one from the future. */
export function checkHistory(connection: Connection, migrations = allMigrations): void {
  if (Number(connection.pragma('application_id')) !== applicationId) {
    throw notAHistory(connection.name);
  }
  checkNotNewer(connection, migrations.length);
  // Its first tables and its version were written together.
  if (schemaVersion(connection) < 1) throw notAHistory(connection.name);
}

/** Refuses what `checkHistory` does, and a history that would have to be migrated. */
export function checkCurrent(connection: Connection): void {
  checkHistory(connection);
  if (schemaVersion(connection) === allMigrations.length) return;
  throw new AfterimageError(
    'READ_ONLY',
    `${connection.name} was written by an earlier version of Afterimage and cannot be written to bring it up to this one.`,
    'Give yourself write access to it and to its folder, or copy it to a place of your own.',
  );
}

function apply(
  connection: Connection,
  { version, sql, fill }: Migration,
  appVersion: string,
): void {
  connection.exec(sql);
  fill?.(connection);
  connection.exec(`PRAGMA user_version = ${version}; PRAGMA application_id = ${applicationId}`);
  new Query(
    connection,
    "INSERT INTO meta VALUES ('schema_written_by', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
  ).run(appVersion);
}

/**
 * Brings the schema up to date, each step in a transaction of its own. Processes that open the same
 * history at once wait for each other.
 */
export function migrate(
  connection: Connection,
  appVersion: string,
  migrations: readonly Migration[] = allMigrations,
): void {
  for (const migration of migrations) {
    if (schemaVersion(connection) >= migration.version) continue;
    connection.transaction(() => {
      if (schemaVersion(connection) >= migration.version) return;
      apply(connection, migration, appVersion);
    });
  }
}
