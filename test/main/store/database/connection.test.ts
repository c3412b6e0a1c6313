import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { AfterimageError } from '../../../../src/core/errors.ts';
import {
  Connection,
  Query,
  type ConnectionOptions,
} from '../../../../src/main/store/database/connection.ts';
import { errorOf, makeFolder } from '../fixtures.ts';

function open(path: string, options?: ConnectionOptions): Connection {
  const connection = new Connection(path, options);
  onTestFinished(() => {
    connection.close();
  });
  return connection;
}

/** A database with a table of numbers, 1 and 2 among them. */
function makeDatabase(options?: ConnectionOptions) {
  const folder = makeFolder();
  const path = join(folder, 'a.sqlite');
  const connection = open(path, options);
  connection.exec('CREATE TABLE numbers (n UNIQUE); INSERT INTO numbers VALUES (1), (2)');
  const list = (from = connection): unknown[] =>
    new Query<{ n: unknown }>(from, 'SELECT n FROM numbers ORDER BY n').all().map(({ n }) => n);
  return { folder, path, connection, list };
}

it('counts the rows that a statement changed, and prepares it once', () => {
  const { connection, list } = makeDatabase();
  const double = new Query<never>(connection, 'UPDATE numbers SET n = n * 2 WHERE n > ?');
  expect(double.run(1)).toBe(1);
  expect(double.run(0)).toBe(2);
  expect(list()).toEqual([2, 8]);
  expect(new Query(connection, 'SELECT n FROM numbers WHERE n = $n').get({ n: 8 })).toEqual({
    n: 8,
  });
  expect(connection.prepare('SELECT 1')).toBe(connection.prepare('SELECT 1'));
  expect(connection.pragma('user_version')).toBe(0);
});

it('stores all that a transaction does or nothing, one inside it included', () => {
  const { connection, list } = makeDatabase();
  const insert = new Query<never>(connection, 'INSERT INTO numbers VALUES (?)');
  const result = connection.transaction(() => {
    insert.run(3);
    expect(() => {
      connection.transaction(() => {
        insert.run(4);
        throw new Error('inside');
      });
    }).toThrow('inside');
    return 'done';
  });
  expect(result).toBe('done');
  expect(list()).toEqual([1, 2, 3]);
  expect(() => {
    connection.transaction(() => {
      insert.run(5);
      throw new Error('outside');
    });
  }).toThrow('outside');
  expect(list()).toEqual([1, 2, 3]);
});

it('reads one state of the database, whatever others write meanwhile', () => {
  const { path, connection, list } = makeDatabase();
  connection.exec('PRAGMA journal_mode = WAL');
  const other = open(path);
  connection.snapshot(() => {
    expect(list()).toEqual([1, 2]);
    other.exec('INSERT INTO numbers VALUES (3)');
    expect(list()).toEqual([1, 2]);
  });
  expect(list()).toEqual([1, 2, 3]);
});

it.each(['read', 'frozen'] as const)(
  'opened to %s, tells whoever writes what it was given to say',
  async (access) => {
    const { path, list } = makeDatabase();
    const refusal = new AfterimageError('READ_ONLY', 'Not here.', 'Go elsewhere.');
    const connection = open(path, { access, refusal });
    expect(list(connection)).toEqual([1, 2]);
    expect(connection.snapshot(() => list(connection))).toEqual([1, 2]);
    const writes = [
      () => new Query(connection, 'DELETE FROM numbers').run(),
      () => {
        connection.exec('DELETE FROM numbers');
      },
      () => connection.transaction(() => undefined),
    ];
    for (const write of writes) expect(await errorOf(write)).toBe(refusal);
    expect(await errorOf(() => open(join(path, 'b'), { access }))).toMatchObject({
      code: 'READ_ONLY',
      message: `${join(path, 'b')} cannot be written.`,
    });
  },
);

it('names the file as it was told to, or by its path', async () => {
  const { path } = makeDatabase();
  const wrong = makeFolder();
  for (const options of [undefined, { name: 'the bundle' }]) {
    const name = options?.name ?? wrong;
    expect(await errorOf(() => open(wrong, options))).toMatchObject({
      code: 'READ_ONLY',
      message: `${name} cannot be written.`,
    });
  }
  const busy = open(path, { name: 'the busy one' });
  busy.exec('PRAGMA busy_timeout = 0');
  const other = open(path);
  other.exec('BEGIN IMMEDIATE');
  expect(await errorOf(() => busy.transaction(() => undefined))).toMatchObject({
    code: 'LOCKED',
    message: expect.stringContaining('the busy one') as string,
  });
  other.exec('ROLLBACK');
});

it('is copied 500 pages at a time, telling how far it is', async () => {
  const { folder, connection, list } = makeDatabase();
  connection.exec('INSERT INTO numbers VALUES (zeroblob(4096 * 1100))');
  const pages = Number(connection.pragma('page_count'));
  const steps: { done: number; total: number }[] = [];
  const copy = join(folder, 'copy.sqlite');
  await connection.copyTo(copy, (step) => steps.push(step));
  expect(steps.map(({ total }) => total)).toEqual(steps.map(() => pages));
  // The last pages are copied and told of no more.
  const turns = Math.ceil(pages / 500) - 1;
  expect(turns).toBeGreaterThan(2);
  expect(steps.map(({ done }) => done).filter((done) => done > 0)).toEqual(
    Array.from({ length: turns }, (_, turn) => 500 * (turn + 1)),
  );
  expect(list(open(copy)).slice(0, 2)).toEqual([1, 2]);
});

it('that is frozen is copied as the file that it is, and says where it cannot be', async () => {
  const { folder, path } = makeDatabase();
  const frozen = open(path, { access: 'frozen' });
  const copy = join(folder, 'copy.sqlite');
  await frozen.copyTo(copy, () => undefined);
  expect(new Query(open(copy), 'SELECT count(*) AS n FROM numbers').get()).toEqual({ n: 2 });
  const nowhere = join(folder, 'none', 'copy.sqlite');
  expect(await errorOf(() => frozen.copyTo(nowhere, () => undefined))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringMatching(new RegExp(`^${nowhere} cannot be made`)) as string,
  });
  expect(readdirSync(folder).sort()).toEqual(['a.sqlite', 'copy.sqlite']);
});
