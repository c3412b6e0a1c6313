import type { Migration } from './migration.ts';

/**
 * Figures that people saved. A specification names runs by their ids but refers to no row: a figure
 * outlives its runs, and says what it lacks when it is built.
 */
export const figures: Migration = {
  version: 2,
  sql: `
    CREATE TABLE figures (
      figure_key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      specification TEXT NOT NULL,
      created_at TEXT NOT NULL,
      changed_at TEXT NOT NULL
    ) STRICT;
  `,
};
