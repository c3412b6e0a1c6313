import Database from 'better-sqlite3';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { auditVersion, type AuditedMethod } from '../../../../src/core/trust/audit.ts';
import {
  datasetRecord,
  insertRunWithEpochs,
  makeFolder,
  makeSplit,
  openTestHistory,
} from '../fixtures.ts';

const makeAudit = (change: Partial<AuditedMethod> = {}): AuditedMethod => ({
  ...{ epoch: 1, method: 'gradcam' },
  settings: { version: auditVersion, seed: 1, options: {}, layers: ['dense2', 'conv1'] },
  exampleIds: Uint32Array.of(3, 70_000, 70_001),
  targets: Uint32Array.of(1, 0, 9),
  columns: {
    gini: Float32Array.of(0.1, Number.NaN, 0.3),
    'cascade/rank': Float32Array.of(1, 0.5, Number.NaN, 0.1, 0.2, 0.3),
  },
  ...change,
});

function makeHistory() {
  const dataDir = makeFolder();
  const history = openTestHistory(dataDir);
  history.datasets.insert(datasetRecord);
  const id = insertRunWithEpochs(history, 2);
  history.splits.assign(id, datasetRecord.id, makeSplit());
  return { dataDir, history, id };
}

it('an audit comes back bit for bit, in the order in which it was made', () => {
  const { history, id } = makeHistory();
  const list = [makeAudit(), makeAudit({ method: 'chance' }), makeAudit({ method: 'image' })];
  const later = makeAudit({ epoch: 2, columns: {} });
  const before = history.info().runSizes[id]?.audits ?? 0;
  history.audits.insert(id, [...list, later]);
  expect(history.audits.getEpoch(id, 1)).toEqual(list);
  expect(history.audits.getEpoch(id, 2)).toEqual([later]);
  expect(history.audits.getEpoch(id, 0)).toEqual([]);
  expect(history.audits.list(id).map(({ epoch, method }) => `${epoch} ${method}`)).toEqual([
    ...['1 gradcam', '1 chance', '1 image', '2 gradcam'],
  ]);
  // Three lists of 3 numbers and 6 more for three methods, two lists for the last.
  expect((history.info().runSizes[id]?.audits ?? 0) - before).toBe(3 * 15 * 4 + 6 * 4);
});

it('the newest audit counts, and takes those of other images or draws out of its epoch', () => {
  const { history, id } = makeHistory();
  history.audits.insert(id, [makeAudit(), makeAudit({ method: 'lrp' }), makeAudit({ epoch: 2 })]);
  const columns = { gini: Float32Array.of(1, 1, 1) };
  history.audits.insert(id, [makeAudit({ columns })]);
  const methodsAt = (epoch: number): string[] =>
    history.audits.getEpoch(id, epoch).map(({ method }) => method);
  expect(methodsAt(1).toSorted()).toEqual(['gradcam', 'lrp']);
  expect(
    history.audits.getEpoch(id, 1).find(({ method }) => method === 'gradcam')?.columns,
  ).toEqual(columns);
  const { settings } = makeAudit();
  history.audits.insert(id, [makeAudit({ settings: { ...settings, seed: 2 } })]);
  expect(methodsAt(1)).toEqual(['gradcam']);
  history.audits.insert(id, [makeAudit({ method: 'rise', exampleIds: Uint32Array.of(1, 2, 3) })]);
  expect(methodsAt(1)).toEqual(['rise']);
  expect(methodsAt(2)).toEqual(['gradcam']);
});

it('all of an audit is stored or nothing', () => {
  const { history, id } = makeHistory();
  // Of an epoch that the run does not have.
  const insert = (): void => {
    history.audits.insert(id, [makeAudit(), makeAudit({ epoch: 9 })]);
  };
  expect(insert).toThrow();
  expect(history.audits.list(id)).toEqual([]);
});

it('audits go along with a bundle, and go with their run', async () => {
  const { dataDir, history, id } = makeHistory();
  history.audits.insert(id, [makeAudit()]);
  const path = join(dataDir, 'run.afterimage');
  await history.exportBundle([id], path);
  const other = openTestHistory();
  await other.importBundle(path);
  expect(other.audits.getEpoch(id, 1)).toEqual([makeAudit()]);
  history.runs.delete([id]);
  await history.purge([id]);
  const database = new Database(join(dataDir, 'history.sqlite'), { readonly: true });
  expect(database.prepare('SELECT count(*) AS n FROM audits').get()).toEqual({ n: 0 });
  database.close();
});

it.each([
  [
    'data = CAST(substr(data, 2) AS BLOB)',
    /epoch 1: .*the audit of gradcam .* has 59 bytes, not 60/,
  ],
  [
    "data = CAST(substr(data, 1, 20) || x'ff' || substr(data, 22) AS BLOB)",
    /epoch 1: its audit of gradcam is not what was stored/,
  ],
  ["settings = '{}'", /epoch 1: .*the audit of gradcam at epoch 1 is not one/],
  ["method = 'divination'", /epoch 1: .*the audit of divination at epoch 1 is not one/],
])('verifying finds damage: %s', async (change, problem) => {
  const { dataDir, history, id } = makeHistory();
  history.audits.insert(id, [makeAudit()]);
  expect(await history.verify()).toEqual([]);
  const database = new Database(join(dataDir, 'history.sqlite'));
  database.exec(`UPDATE audits SET ${change}`);
  database.close();
  const problems = await history.verify();
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(problem);
});

it('refuses runs that are not here', () => {
  const { history } = makeHistory();
  expect(() => {
    history.audits.insert('nobody', [makeAudit()]);
  }).toThrow('There is no run nobody');
});
