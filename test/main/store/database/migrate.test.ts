import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Connection, Query } from '../../../../src/main/store/database/connection.ts';
import { checkHistory, migrate } from '../../../../src/main/store/database/migrate.ts';
import { migrations } from '../../../../src/main/store/database/migrations/index.ts';
import type { Migration } from '../../../../src/main/store/database/migrations/migration.ts';
import { makeFolder } from '../fixtures.ts';

const meta = 'CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)';
const first: Migration = { version: 1, sql: `${meta}; CREATE TABLE a (x)` };
const second: Migration = { version: 2, sql: 'ALTER TABLE a ADD COLUMN y DEFAULT 7' };
const broken: Migration = { version: 2, sql: 'CREATE TABLE b (x); CREATE TABLE a (x)' };

function connect(path = join(makeFolder(), 'file.sqlite')): Connection {
  const connection = new Connection(path);
  onTestFinished(() => {
    connection.close();
  });
  return connection;
}

const tablesOf = (connection: Connection): unknown[] =>
  new Query<{ name: string }>(
    connection,
    "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
  )
    .all()
    .map(({ name }) => name);

describe('migrations', () => {
  it('are numbered from 1 without gaps', () => {
    expect(migrations.map(({ version }) => version)).toEqual(
      Array.from(migrations, (_, i) => i + 1),
    );
  });

  it('run once each, in order, and leave who ran them', () => {
    const connection = connect();
    migrate(connection, '1.0.0', [first]);
    connection.exec('INSERT INTO a VALUES (1)');
    migrate(connection, '2.0.0', [first, second]);
    migrate(connection, '3.0.0', [first, second]);
    expect(connection.pragma('user_version')).toBe(2);
    expect(new Query(connection, 'SELECT * FROM a').all()).toEqual([{ x: 1, y: 7 }]);
    expect(new Query(connection, 'SELECT value FROM meta').all()).toEqual([{ value: '2.0.0' }]);
  });

  it('leave nothing where they fail', () => {
    const connection = connect();
    migrate(connection, '1.0.0', [first]);
    expect(() => {
      migrate(connection, '2.0.0', [first, broken]);
    }).toThrow('table a already exists');
    expect(connection.pragma('user_version')).toBe(1);
    expect(tablesOf(connection)).toEqual(['a', 'meta']);
    migrate(connection, '2.0.1', [first, second]);
    expect(connection.pragma('user_version')).toBe(2);
  });

  it('make a file that only versions which know it accept', () => {
    const connection = connect();
    migrate(connection, '5.6.7', [first, second]);
    expect(() => {
      checkHistory(connection, [first, second]);
    }).not.toThrow();
    expect(() => {
      checkHistory(connection, [first]);
    }).toThrow(
      expect.objectContaining({
        code: 'NEWER_VERSION',
        message: expect.stringContaining('5.6.7') as string,
      }),
    );
  });

  it.each(['PRAGMA user_version = 0', 'PRAGMA application_id = 0'])(
    'are not begun again in a file with tables: %s',
    (sql) => {
      const connection = connect();
      migrate(connection, '1.0.0', [first]);
      connection.exec(sql);
      expect(() => {
        checkHistory(connection, [first]);
      }).toThrow(expect.objectContaining({ code: 'CORRUPT_HISTORY' }) as Error);
    },
  );
});
