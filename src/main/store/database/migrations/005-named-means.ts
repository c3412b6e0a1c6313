import { Query, type Connection } from '../connection.ts';
import type { Migration } from './migration.ts';

interface EpochRow {
  run_key: number;
  epoch: number;
  cross_entropy: number | null;
  contrastive: number | null;
  validation_cross_entropy: number;
  validation_contrastive: number | null;
  input_correlation: number | null;
  energy_inside: number | null;
  iou: number | null;
  undefined_correlations: number;
  undefined_energies: number;
  undefined_ious: number;
}

const namedColumns = [
  'cross_entropy',
  'contrastive',
  'validation_cross_entropy',
  'validation_contrastive',
  'input_correlation',
  'energy_inside',
  'iou',
  'undefined_correlations',
  'undefined_energies',
  'undefined_ious',
];

/** Those that there are, by name. */
const keepKnown = (terms: Record<string, number | null>): Record<string, number | null> =>
  Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== null));

const nameTerms = (row: EpochRow): string =>
  JSON.stringify({
    train: keepKnown({ crossEntropy: row.cross_entropy, contrastive: row.contrastive }),
    validation: keepKnown({
      crossEntropy: row.validation_cross_entropy,
      contrastive: row.validation_contrastive,
    }),
  });

const nameMapMeans = (row: EpochRow): string =>
  JSON.stringify({
    inputCorrelation: { mean: row.input_correlation, undefinedImages: row.undefined_correlations },
    energyInside: { mean: row.energy_inside, undefinedImages: row.undefined_energies },
    iou: { mean: row.iou, undefinedImages: row.undefined_ious },
  });

/** Written here, as SQL would write numbers with fewer digits than they have. */
function nameAll(connection: Connection): void {
  const rows = new Query<EpochRow>(
    connection,
    `SELECT run_key, epoch, ${namedColumns.join(', ')} FROM epochs`,
  );
  const set = new Query<never>(
    connection,
    'UPDATE epochs SET terms = ?, map_means = ? WHERE run_key = ? AND epoch = ?',
  );
  for (const row of rows.all()) {
    set.run(nameTerms(row), nameMapMeans(row), row.run_key, row.epoch);
  }
  for (const column of namedColumns) connection.exec(`ALTER TABLE epochs DROP COLUMN ${column}`);
}

/**
 * Terms of objectives and means of recorded metrics by name, in place of a column for each. The names in
 * `map_means` are those of the columns in the epoch's example chunks, in their order.
 */
export const namedMeans: Migration = {
  version: 5,
  sql: `
    ALTER TABLE epochs ADD COLUMN terms TEXT NOT NULL DEFAULT '{"train":{},"validation":{}}';
    ALTER TABLE epochs ADD COLUMN map_means TEXT NOT NULL DEFAULT '{}';
  `,
  fill: nameAll,
};
