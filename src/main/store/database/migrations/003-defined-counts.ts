import { Query, type Connection } from '../connection.ts';
import type { Migration } from './migration.ts';

interface PredictionsRow {
  run_key: number;
  epoch: number;
  predictions: Uint8Array;
}

/** Undefined (NaN) values among the last n of a chunk's float32 arrays, from the end. */
function countUndefined(
  predictions: Uint8Array,
  classes: number,
): { ious: number; energies: number } {
  const values = new Float32Array(predictions.slice().buffer);
  const n = values.length / (classes + 3);
  const count = (column: Float32Array): number =>
    column.filter((value) => Number.isNaN(value)).length;
  return { ious: count(values.subarray(-n)), energies: count(values.subarray(-2 * n, -n)) };
}

/** Runs whose images are not all brighter than 0.5 somewhere: only theirs have to be looked through. */
function listDimRuns(connection: Connection): { run_key: number; classes: number }[] {
  const sets = new Query<{ run_key: number; classes: number; mask_area: Uint8Array }>(
    connection,
    'SELECT run_key, classes, mask_area FROM example_sets',
  );
  return sets
    .all()
    .filter(({ mask_area: area }) => new Float32Array(area.slice().buffer).includes(0));
}

function recount(
  connection: Connection,
  { run_key: runKey, classes }: { run_key: number; classes: number },
): void {
  const chunks = new Query<PredictionsRow>(
    connection,
    'SELECT run_key, epoch, predictions FROM example_chunks WHERE run_key = ?',
  );
  const set = new Query<never>(
    connection,
    `UPDATE epochs SET undefined_ious = undefined_ious + @ious,
       undefined_energies = undefined_energies + @energies
     WHERE run_key = @runKey AND epoch = @epoch`,
  );
  new Query<never>(connection, 'UPDATE epochs SET undefined_energies = 0 WHERE run_key = ?').run(
    runKey,
  );
  for (const { epoch, predictions } of chunks.all(runKey)) {
    set.run({ runKey, epoch, ...countUndefined(predictions, classes) });
  }
}

/**
 * Over how many images each mean is, and by which arithmetic. Epochs from before it are of version 1,
 * in which the energy was undefined for all-zero maps alone, and the IoU where the image had no pixel
 * above 0.5 either.
 */
export const definedCounts: Migration = {
  version: 3,
  sql: `
    ALTER TABLE epochs ADD COLUMN test_images INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE epochs ADD COLUMN undefined_energies INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE epochs ADD COLUMN undefined_ious INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE epochs ADD COLUMN numerics_version INTEGER NOT NULL DEFAULT 1;
    UPDATE epochs SET undefined_energies = zero_maps, test_images = coalesce(
      (SELECT length(labels) FROM example_sets WHERE example_sets.run_key = epochs.run_key), 0);
  `,
  fill: (connection) => {
    for (const run of listDimRuns(connection)) recount(connection, run);
  },
};
