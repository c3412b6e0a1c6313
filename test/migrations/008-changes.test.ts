import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { changes } from '../../src/main/store/database/migrations/008-changes.ts';
import { makeFolderAt, openMigrated, withDatabase } from './harness.ts';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const runId = 'abcdefghjkmn';

it('begins to note what happens, of a history from before it too, and nobody asks for anything', async () => {
  const dataDir = makeFolderAt(changes.version - 1);
  withDatabase(dataDir, (database) => database.exec(read('./rows-5.sql')));
  const history = openMigrated(dataDir);
  expect(history.changes.last).toBe(0);
  expect(history.changes.since(0)).toEqual([]);
  withDatabase(dataDir, (database) => {
    expect(database.prepare('SELECT asked FROM runs').all()).toEqual([{ asked: null }]);
  });
  const { foreignVersion } = history.changes;
  history.runs.rename(runId, 'another name');
  history.tags.change(runId, { add: ['kept'] });
  expect(history.changes.foreignVersion).toBe(foreignVersion);
  expect(history.changes.since(0)?.[0]).toEqual({
    ...{ sequence: 1, subject: 'run', run_id: runId, epoch: null },
  });
  expect(history.changes.since(1)?.every((change) => change.run_id === runId)).toBe(true);
  const other = openMigrated(dataDir);
  other.runs.delete([runId]);
  expect(history.changes.foreignVersion).not.toBe(foreignVersion);
  await other.purge([runId]);
  expect(history.changes.since(1)?.map((change) => change.run_id)).toContain(runId);
  expect(history.changes.last).toBeGreaterThan(3);
  expect(await history.verify()).toEqual([]);
});
