import Database from 'better-sqlite3';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { presets } from '../../../../src/core/config/presets.ts';
import { parseFigureSpec } from '../../../../src/core/figures/spec.ts';
import { openForReading } from '../../../../src/main/store/database/openDatabase.ts';
import { verifyHistory } from '../../../../src/main/store/integrity/verify.ts';
import {
  datasetRecord,
  errorOf,
  insertRunWithEpochs,
  makeEpoch,
  makeFolder,
  makeSplit,
  newRun,
  openTestHistory,
} from '../fixtures.ts';

function makeHistory() {
  const dataDir = makeFolder();
  const history = openTestHistory(dataDir);
  history.datasets.insert(datasetRecord);
  const id = insertRunWithEpochs(history, 2);
  insertRunWithEpochs(history, 0, { count: 5 });
  history.splits.assign(id, datasetRecord.id, makeSplit());
  history.studies.insert({
    ...{ name: 'C over seeds', question: '', factors: [], seeds: [1, 2] },
    bases: [{ name: 'C', config: presets['mnist-c'] }],
  });
  // Of a run that is gone, which is no fault.
  history.figures.insert(
    'a figure',
    parseFigureSpec({ template: 'confusion-matrix', run: 'gone' }),
  );
  return { dataDir, history, id };
}

const damages: [sql: string, problem: RegExp][] = [
  ['DELETE FROM epochs WHERE epoch = 1 AND run_key = 1', /epoch 1 is missing/],
  ['DELETE FROM example_chunks WHERE epoch = 1 AND chunk = 2', /epoch 1: it has 2 chunks .* not 3/],
  ['DELETE FROM weights WHERE epoch = 2', /epoch 2: its weights are missing/],
  ['UPDATE weights SET data = substr(data, 2) WHERE epoch = 2', /epoch 2: its weights are not/],
  ['UPDATE runs SET best_epoch = 1 WHERE run_key = 1', /epoch 1 is not its best one/],
  ['UPDATE runs SET best_epoch = NULL WHERE run_key = 1', /epoch none is not its best one/],
  ["UPDATE runs SET status = 'asleep' WHERE run_key = 1", /its record is not that of a run/],
  ["UPDATE checkpoints SET data = x'00' WHERE run_key = 1", /its checkpoint is not/],
  ["UPDATE splits SET train = x'01000000'", /its split is not/],
  ["UPDATE datasets SET record = '{}'", /its data set's record is not one/],
  [
    "UPDATE datasets SET record = json_set(record, '$.id', 'another')",
    /its data set's record is another set's/,
  ],
  [
    "UPDATE example_chunks SET maps = CAST(maps || x'00' AS BLOB) WHERE epoch = 0 AND chunk = 1 AND run_key = 1",
    /epoch 0: .*a chunk of maps has 1665 bytes, not 1664/,
  ],
  [
    "UPDATE example_chunks SET predictions = CAST(substr(predictions, 1, 100) || x'ff' || substr(predictions, 102) AS BLOB) WHERE epoch = 2 AND chunk = 0",
    /epoch 2: its predictions or maps are not/,
  ],
  [
    "UPDATE example_sets SET labels = CAST(labels || x'00' AS BLOB) WHERE run_key = 1",
    /exampleIds/,
  ],
  ["UPDATE figures SET specification = '{}'", /^figure \w+: its specification is not one$/],
  ["UPDATE studies SET plan = '{}'", /^study C over seeds: its plan is not one$/],
  ['DELETE FROM example_sets WHERE run_key = 1', /no list of its test images/],
  [
    'PRAGMA foreign_keys = OFF; DELETE FROM runs WHERE run_key = 1',
    /3 rows of epochs point to no row of runs/,
  ],
];

describe('verifying', () => {
  it('finds nothing wrong with a sound history, and says how far it is', async () => {
    const { history } = makeHistory();
    const steps: string[] = [];
    const problems = await history.verify({
      onProgress: ({ step, done, total }) => {
        expect(done).toBeLessThan(total ?? 0);
        steps.push(step);
      },
    });
    expect(problems).toEqual([]);
    expect(steps.filter((step) => step.startsWith('Run '))).toHaveLength(2);
  });

  it.each(damages)('finds: %s', async (sql, problem) => {
    const { dataDir, history, id } = makeHistory();
    const database = new Database(join(dataDir, 'history.sqlite'));
    database.exec(sql);
    database.close();
    const problems = await history.verify();
    expect(problems).toContainEqual(expect.stringMatching(problem));
    const [, other] = /(foreign_keys|figures|studies)/.exec(sql) ?? [];
    if (other === undefined) expect(problems.join()).toContain(id);
  });

  it('finds more than fit on a stack', async () => {
    const dataDir = makeFolder();
    openTestHistory(dataDir).close();
    const database = new Database(join(dataDir, 'history.sqlite'));
    const many = 150_000;
    database.exec(`
      WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${many})
      INSERT INTO figures (id, name, specification, created_at, changed_at)
      SELECT n, n, '{}', '', '' FROM numbers
    `);
    database.close();
    const connection = openForReading(join(dataDir, 'history.sqlite'));
    expect(await verifyHistory(connection)).toHaveLength(many);
    connection.close();
  });

  it('takes nothing that is stored meanwhile for damage', async () => {
    const { history } = makeHistory();
    const { id } = history.runs.insert(newRun());
    let epoch = 0;
    const problems = await history.verify({
      // A new best epoch with every step.
      onProgress: () => {
        history.insertEpoch(id, makeEpoch(epoch));
        epoch += 1;
      },
    });
    expect(epoch).toBeGreaterThan(3);
    expect(problems).toEqual([]);
  });

  it('ends when it is told to', async () => {
    const { history } = makeHistory();
    const controller = new AbortController();
    const error = await errorOf(() =>
      history.verify({
        signal: controller.signal,
        onProgress: ({ done }) => {
          if (done === 3) controller.abort();
        },
      }),
    );
    expect(error.name).toBe('AbortError');
  });
});
