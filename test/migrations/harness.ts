import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Connection } from '../../src/main/store/database/connection.ts';
import { historyFileName, openHistory, type History } from '../../src/main/store/history.ts';
import { migrate } from '../../src/main/store/database/migrate.ts';
import { migrations } from '../../src/main/store/database/migrations/index.ts';

/** A data folder whose history has the schema of `version`, as that version of Afterimage left it; none at 0. */
export function makeFolderAt(version: number): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'afterimage-migration-'));
  onTestFinished(() => {
    rmSync(dataDir, { recursive: true, force: true });
  });
  if (version > 0) bringTo(version, dataDir);
  return dataDir;
}

/** Brings a history up to a schema, as that version of Afterimage would have. */
export function bringTo(version: number, dataDir: string): void {
  const connection = new Connection(join(dataDir, historyFileName));
  migrate(connection, `schema ${version}`, migrations.slice(0, version));
  connection.close();
}

/** Runs statements on a history, past the application: to put rows in, or to look at them. */
export function withDatabase<T>(dataDir: string, work: (database: Database.Database) => T): T {
  const database = new Database(join(dataDir, historyFileName));
  try {
    return work(database);
  } finally {
    database.close();
  }
}

/** Opens the history as the application does, which brings it up to date. */
export function openMigrated(dataDir: string): History {
  const history = openHistory({ dataDir, version: 'this version' });
  onTestFinished(() => {
    history.close();
  });
  return history;
}
