import type { Migration } from './migration.ts';

/**
 * What happened to the history, in order, for processes that follow what others do: which run, and
 * which epoch where one was stored (`noteChanges.ts`); and in `asked` what one process asks of a run
 * that another owns.
 */
export const changes: Migration = {
  version: 8,
  sql: `
    ALTER TABLE runs ADD COLUMN asked TEXT;

    CREATE TABLE changes (
      sequence INTEGER PRIMARY KEY,
      -- 'run', or the table whose list is another now.
      subject TEXT NOT NULL,
      run_id TEXT,
      epoch INTEGER
    ) STRICT;
  `,
};
