import type { Migration } from './migration.ts';

/**
 * What was handed to a cluster: jobs for runs of a study, whose bundles come home to this history. A remote
 * run has its id before it is here, so that it is imported once. They outlive their study and their runs:
 * a run that was deleted shall not come home again by itself.
 */
export const submissions: Migration = {
  version: 11,
  sql: `
    CREATE TABLE submissions (
      submission_key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      study_id TEXT NOT NULL,
      scheduler TEXT NOT NULL,
      -- On the disk that every machine of the cluster sees.
      folder TEXT NOT NULL,
      -- JSON: what its tasks ask for, and the jobs that they are or were parts of.
      request TEXT NOT NULL,
      created_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX submissions_study ON submissions (study_id);

    CREATE TABLE remote_runs (
      run_id TEXT PRIMARY KEY,
      submission_key INTEGER NOT NULL REFERENCES submissions (submission_key) ON DELETE CASCADE,
      task INTEGER NOT NULL,
      -- Which planned run of the study it is.
      key TEXT NOT NULL,
      name TEXT NOT NULL,
      seed INTEGER NOT NULL,
      -- Null until it has come home.
      collected_at TEXT,
      -- Set while nobody wants it from there any more.
      cancelled_at TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX remote_runs_submission ON remote_runs (submission_key, task);
    CREATE INDEX remote_runs_abroad ON remote_runs (submission_key)
      WHERE collected_at IS NULL AND cancelled_at IS NULL;
  `,
};
