import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { cacheFileName, DerivedCache } from '../../../../src/main/store/cache/derivedCache.ts';
import { makeFolder } from '../fixtures.ts';

function open(dataDir: string, isReadOnly = false): DerivedCache {
  const cache = new DerivedCache(dataDir, isReadOnly);
  onTestFinished(() => {
    cache.close();
  });
  return cache;
}

const bytesOf = (value: number, length = 10): Uint8Array => new Uint8Array(length).fill(value);
const keysIn = (cache: DerivedCache, ...keys: string[]): string[] => [...cache.take(keys).keys()];

it('gives what another process kept, to the byte, and a run’s no longer once it is gone', () => {
  const dataDir = makeFolder();
  const [first, second] = [open(dataDir), open(dataDir)];
  expect(first.take(['a']).size).toBe(0);
  expect(statSync(join(dataDir, cacheFileName), { throwIfNoEntry: false })).toBeUndefined();
  first.keep('run', 'a', bytesOf(7));
  first.keep('other', 'b', bytesOf(8));
  first.keep('run', 'a', bytesOf(9, 3));
  expect([...(second.take(['a', 'none']).get('a') ?? [])]).toEqual([9, 9, 9]);
  second.dropRuns(['run']);
  expect(keysIn(first, 'a', 'b')).toEqual(['b']);
  first.clear();
  expect(first.info().bytes).toBe(0);
  expect(keysIn(first, 'b')).toEqual([]);
  first.keep('run', 'c', bytesOf(1));
  expect(keysIn(open(dataDir), 'c')).toEqual(['c']);
  expect(statSync(join(dataDir, cacheFileName)).mode & 0o777).toBe(0o600);
});

it('stays within its bound, and lets go first of what was not used for longest', () => {
  const dataDir = makeFolder();
  const cache = open(dataDir);
  cache.setLimit(2 ** 20);
  const keys = Array.from({ length: 100 }, (_, i) => `key ${i}`);
  for (const key of keys) {
    cache.keep('run', key, bytesOf(1, 20_000));
    // Used again with every step, so that it outlives those that came after it.
    expect(keysIn(cache, 'key 0')).toEqual(['key 0']);
    expect(cache.info().bytes).toBeLessThanOrEqual(2 ** 20);
  }
  const left = keysIn(cache, ...keys);
  expect(left.length).toBeGreaterThan(30);
  expect(new Set(left)).toEqual(new Set(['key 0', ...keys.slice(101 - left.length)]));
  cache.setLimit(2 ** 18);
  expect(cache.info()).toMatchObject({ limitBytes: 2 ** 18 });
  expect(cache.info().bytes).toBeLessThanOrEqual(2 ** 18);
  cache.close();
  expect(statSync(join(dataDir, cacheFileName)).size).toBeLessThan(2 ** 18 + 2 ** 14);
  const again = open(dataDir);
  expect(again.take(['key 99']).size).toBe(1);
  expect(again.info().limitBytes).toBe(2 ** 18);
  again.setLimit(0);
  again.keep('run', 'more', bytesOf(1));
  expect(keysIn(again, 'more', ...keys)).toEqual([]);
});

it('throws a damaged file away, whatever is wrong with it, and is no error', () => {
  const dataDir = makeFolder();
  const path = join(dataDir, cacheFileName);
  const damages: (() => void)[] = [
    () => {
      writeFileSync(path, 'no database at all');
    },
    () => {
      truncateSync(path, 5000);
    },
    () => {
      truncateSync(path, 0);
    },
    () => {
      const bytes = readFileSync(path);
      writeFileSync(path, bytes.fill(0xff, 100, 9000));
    },
    () => {
      const database = new Database(path);
      database.exec('PRAGMA user_version = 99');
      database.close();
    },
  ];
  for (const damage of damages) {
    const before = open(dataDir);
    before.keep('run', 'a', bytesOf(1, 9000));
    expect(keysIn(before, 'a')).toEqual(['a']);
    before.close();
    damage();
    const after = open(dataDir);
    expect(keysIn(after, 'a')).toEqual([]);
    after.keep('run', 'b', bytesOf(2));
    expect([...(after.take(['b']).get('b') ?? [])]).toEqual([...bytesOf(2)]);
    after.close();
  }
});

it('misses an entry of which a single byte changed, and forgets it', () => {
  const dataDir = makeFolder();
  const cache = open(dataDir);
  cache.keep('run', 'a', bytesOf(1));
  cache.keep('run', 'b', bytesOf(2));
  const database = new Database(join(dataDir, cacheFileName));
  database.prepare("UPDATE entries SET data = zeroblob(10) WHERE key = 'a'").run();
  expect(keysIn(cache, 'a', 'b')).toEqual(['b']);
  expect(database.prepare('SELECT count(*) AS n FROM entries').get()).toEqual({ n: 1 });
  database.close();
});

it('keeps nothing where nothing can be written, and waits for nobody for long', () => {
  const dataDir = makeFolder();
  const blind = open(dataDir, true);
  blind.keep('run', 'a', bytesOf(1));
  blind.clear();
  expect(blind.info().bytes).toBe(0);
  expect(statSync(join(dataDir, cacheFileName), { throwIfNoEntry: false })).toBeUndefined();
  const cache = open(dataDir);
  cache.keep('run', 'a', bytesOf(1));
  const database = new Database(join(dataDir, cacheFileName));
  database.exec('BEGIN IMMEDIATE');
  expect(keysIn(cache, 'a')).toEqual([]);
  database.exec('ROLLBACK');
  database.close();
  expect(keysIn(cache, 'a')).toEqual(['a']);
});
