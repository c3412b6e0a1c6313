import type { Migration } from './migration.ts';

/**
 * How much of an epoch's bytes its weights and its maps take, so that a list of thousands of runs need
 * not look at each, and whether a run keeps its checkpoint when it has completed. Weights that were given
 * up have NULL bytes: those that are lost without it are damage.
 */
export const space: Migration = {
  version: 7,
  sql: `
    ALTER TABLE runs ADD COLUMN keep_checkpoint INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE epochs ADD COLUMN weights_bytes INTEGER DEFAULT 0;
    ALTER TABLE epochs ADD COLUMN maps_bytes INTEGER NOT NULL DEFAULT 0;
    UPDATE epochs SET
      weights_bytes = coalesce((SELECT length(data) FROM weights
        WHERE weights.run_key = epochs.run_key AND weights.epoch = epochs.epoch), 0),
      maps_bytes = coalesce((SELECT sum(length(maps) + length(label_maps)) FROM example_chunks
        WHERE example_chunks.run_key = epochs.run_key AND example_chunks.epoch = epochs.epoch), 0);
  `,
};
