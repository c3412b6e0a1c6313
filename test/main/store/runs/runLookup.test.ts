import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Connection } from '../../../../src/main/store/database/connection.ts';
import { historyFileName } from '../../../../src/main/store/history.ts';
import { RunLookup } from '../../../../src/main/store/runs/runLookup.ts';
import { makeFolder, newRun, openTestHistory } from '../fixtures.ts';

it('says how a run stands by its key, and nothing of a key that no run has', () => {
  const dataDir = makeFolder();
  const { runs } = openTestHistory(dataDir);
  const [well, failed] = ['well', 'failed'].map((name) => runs.insert(newRun({ name })).id);
  const error = { code: 'NOT_FINITE', message: 'm', remedy: 'r', log: ['a line'] } as const;
  runs.setStatus(failed ?? '', 'failed', { ...error, log: [...error.log] });
  const connection = new Connection(join(dataDir, historyFileName), { access: 'read' });
  const lookup = new RunLookup(connection);
  expect(lookup.factsOf(lookup.keyOf(well ?? ''))).toEqual({
    ...{ name: 'well', status: 'queued', error: null },
  });
  const key = lookup.keyOf(failed ?? '');
  expect(lookup.factsOf(key)).toEqual({ name: 'failed', status: 'failed', error });
  expect(() => lookup.factsOf(key + 1)).toThrow(`no run has the key ${key + 1}`);
  expect(lookup.has('none')).toBe(false);
  expect(() => lookup.keyOf('none')).toThrow(
    expect.objectContaining({
      ...{ code: 'NOT_FOUND', message: 'There is no run none.' },
      remedy: 'It may have been purged; list the runs again.',
    }) as Error,
  );
  connection.close();
});
