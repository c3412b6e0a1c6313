import type { Migration } from './migration.ts';

/**
 * What audits say of ways to explain, per image: `data` holds the images' ids, the classes explained and the
 * columns one after the other, `columns` their names and how many values of an image each has.
 */
export const audits: Migration = {
  version: 6,
  sql: `
    CREATE TABLE audits (
      run_key INTEGER NOT NULL,
      epoch INTEGER NOT NULL,
      method TEXT NOT NULL,
      settings TEXT NOT NULL,
      examples INTEGER NOT NULL,
      columns TEXT NOT NULL,
      created_at TEXT NOT NULL,
      digest TEXT NOT NULL,
      data BLOB NOT NULL,
      PRIMARY KEY (run_key, epoch, method),
      FOREIGN KEY (run_key, epoch) REFERENCES epochs (run_key, epoch) ON DELETE CASCADE
    ) STRICT;
  `,
};
