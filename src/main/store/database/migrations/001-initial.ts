import type { Migration } from './migration.ts';

/**
 * Rows of a run hang on `run_key`, a small integer, and go with it. BLOBs hold little-endian arrays
 * (`exampleCodec.ts`) or whole files. Digests are SHA-256.
 */
export const initial: Migration = {
  version: 1,
  sql: `
    CREATE TABLE meta (
      name TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE datasets (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      record TEXT NOT NULL,
      -- 0: known only from the runs of an imported bundle; its images are not here.
      in_library INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX datasets_name ON datasets (name) WHERE in_library = 1;

    CREATE TABLE splits (
      digest TEXT PRIMARY KEY,
      train BLOB NOT NULL,
      validation BLOB NOT NULL,
      test BLOB NOT NULL
    ) STRICT;

    CREATE TABLE runs (
      run_key INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      experiment TEXT NOT NULL,
      status TEXT NOT NULL,
      config TEXT NOT NULL,
      seed INTEGER NOT NULL,
      requested_engine TEXT,
      engine TEXT,
      environment TEXT,
      dataset_id TEXT REFERENCES datasets (id),
      split_digest TEXT REFERENCES splits (digest),
      best_epoch INTEGER,
      note TEXT NOT NULL,
      error TEXT,
      queue_position INTEGER,
      owner_pid INTEGER,
      owner_started TEXT,
      created_at TEXT NOT NULL,
      started_at TEXT,
      finished_at TEXT,
      deleted_at TEXT
    ) STRICT;
    CREATE INDEX runs_deleted_at ON runs (deleted_at);
    CREATE INDEX runs_name ON runs (name);
    CREATE INDEX runs_experiment ON runs (experiment);
    CREATE INDEX runs_dataset_id ON runs (dataset_id);
    CREATE INDEX runs_split_digest ON runs (split_digest);
    CREATE INDEX runs_queue_position ON runs (queue_position) WHERE queue_position IS NOT NULL;
    CREATE INDEX runs_owner_pid ON runs (owner_pid) WHERE owner_pid IS NOT NULL;

    CREATE TABLE run_tags (
      run_key INTEGER NOT NULL REFERENCES runs (run_key) ON DELETE CASCADE,
      tag TEXT NOT NULL,
      PRIMARY KEY (run_key, tag)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX run_tags_tag ON run_tags (tag);

    CREATE TABLE checkpoints (
      run_key INTEGER PRIMARY KEY REFERENCES runs (run_key) ON DELETE CASCADE,
      data BLOB NOT NULL,
      digest TEXT NOT NULL
    ) STRICT;

    CREATE TABLE epochs (
      run_key INTEGER NOT NULL REFERENCES runs (run_key) ON DELETE CASCADE,
      epoch INTEGER NOT NULL,
      train_loss REAL,
      cross_entropy REAL,
      contrastive REAL,
      train_accuracy REAL,
      validation_loss REAL NOT NULL,
      validation_cross_entropy REAL NOT NULL,
      validation_contrastive REAL,
      validation_accuracy REAL NOT NULL,
      test_accuracy REAL NOT NULL,
      test_cross_entropy REAL NOT NULL,
      false_predictions INTEGER NOT NULL,
      true_low_confidence INTEGER NOT NULL,
      input_correlation REAL,
      energy_inside REAL,
      iou REAL,
      undefined_correlations INTEGER NOT NULL,
      zero_maps INTEGER NOT NULL,
      nan_batches INTEGER NOT NULL,
      learning_rate REAL,
      duration_ms REAL NOT NULL,
      evaluation_ms REAL NOT NULL,
      images_per_second REAL,
      -- Of the examples' and weights' BLOBs together.
      bytes INTEGER NOT NULL,
      examples_digest TEXT NOT NULL,
      weights_digest TEXT NOT NULL,
      PRIMARY KEY (run_key, epoch)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE weights (
      run_key INTEGER NOT NULL,
      epoch INTEGER NOT NULL,
      data BLOB NOT NULL,
      PRIMARY KEY (run_key, epoch),
      FOREIGN KEY (run_key, epoch) REFERENCES epochs (run_key, epoch) ON DELETE CASCADE
    ) STRICT;

    -- What is the same in every epoch of a run.
    CREATE TABLE example_sets (
      run_key INTEGER PRIMARY KEY REFERENCES runs (run_key) ON DELETE CASCADE,
      classes INTEGER NOT NULL,
      map_size INTEGER NOT NULL,
      example_ids BLOB NOT NULL,
      labels BLOB NOT NULL,
      mask_area BLOB NOT NULL
    ) STRICT;

    -- Predictions come first in the row: a filter reads them and stops before the maps.
    CREATE TABLE example_chunks (
      run_key INTEGER NOT NULL,
      epoch INTEGER NOT NULL,
      chunk INTEGER NOT NULL,
      predictions BLOB NOT NULL,
      maps BLOB NOT NULL,
      label_maps BLOB NOT NULL,
      PRIMARY KEY (run_key, epoch, chunk),
      FOREIGN KEY (run_key, epoch) REFERENCES epochs (run_key, epoch) ON DELETE CASCADE
    ) STRICT;

    CREATE TABLE saved_filters (
      position INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      query TEXT NOT NULL
    ) STRICT;
  `,
};
