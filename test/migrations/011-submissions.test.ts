import { expect, it } from 'vitest';
import { makeFolderAt, openMigrated, withDatabase } from './harness.ts';

const time = '2026-01-02T03:04:05.678Z';

it('gives a history from before it nothing on clusters', async () => {
  const history = openMigrated(makeFolderAt(10));
  expect(history.submissions.listAbroad()).toEqual([]);
  expect(await history.verify()).toEqual([]);
});

/** Rows as schema 11 holds them; later versions must read them. */
it('keeps reading the rows of schema 11', () => {
  const dataDir = makeFolderAt(11);
  const request = {
    resources: { cpus: 2, mem: '8G' },
    setup: '',
    jobs: [{ id: '7', tasks: [0, 3], offset: 0 }],
  };
  withDatabase(dataDir, (database) => {
    database
      .prepare(
        `INSERT INTO submissions (id, study_id, scheduler, folder, request, created_at)
         VALUES ('sub', 'study', 'slurm', '/shared/sub', ?, ?)`,
      )
      .run(JSON.stringify(request), time);
    database.exec(
      `INSERT INTO remote_runs (run_id, submission_key, task, key, name, seed, collected_at, cancelled_at)
       VALUES ('away', 1, 3, 'k3', 'far seed 3', 3, NULL, NULL),
         ('home', 1, 0, 'k0', 'far seed 0', 0, '${time}', NULL),
         ('not wanted', 1, 4, 'k4', 'far seed 4', 4, NULL, '${time}')`,
    );
  });
  const { submissions } = openMigrated(dataDir);
  const [stored, ...others] = submissions.listAbroad();
  expect(others).toEqual([]);
  expect(stored).toMatchObject({ id: 'sub', studyId: 'study', folder: '/shared/sub', ...request });
  expect(
    stored?.runs.map(({ runId, task, collectedAt, isCancelled }) => [
      runId,
      task,
      collectedAt,
      isCancelled,
    ]),
  ).toEqual([
    ['home', 0, time, false],
    ['away', 3, null, false],
    ['not wanted', 4, null, true],
  ]);
  expect(submissions.listKeysAbroad('study')).toEqual(new Set(['k3']));
  submissions.markCollected('away');
  expect(submissions.listAbroad()).toEqual([]);
  submissions.setCancelled(['not wanted'], false);
  expect(submissions.listKeysAbroad('study')).toEqual(new Set(['k4']));
});
