import type { Migration } from './migration.ts';

/**
 * Tags and notes that people give to single images. An image is known by the content of its data set, its
 * split and its place there, so every run on it shows them, and they outlive runs and sets.
 */
export const exampleMarks: Migration = {
  version: 9,
  sql: `
    CREATE TABLE example_marks (
      dataset_id TEXT NOT NULL,
      split TEXT NOT NULL,
      example_id INTEGER NOT NULL,
      -- A JSON array, each tag once, in alphabetical order.
      tags TEXT NOT NULL,
      note TEXT NOT NULL,
      PRIMARY KEY (dataset_id, split, example_id)
    ) STRICT, WITHOUT ROWID;
  `,
};
