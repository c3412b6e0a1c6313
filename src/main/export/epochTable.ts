import { epochMetricNames, epochMetrics, readMetric } from '../../core/metrics/epochMetrics.ts';
import { isRecorded } from '../../core/metrics/exampleMetrics.ts';
import type { Run } from '../../core/records.ts';
import type { Cell, Column, Table } from './table.ts';
import { meanCell } from './tables.ts';

const plain = (value: number | null): Cell => (value === null ? null : { value, decimals: 0 });

/**
 * Every metric of every epoch by its name in the catalogue, as it is stored: shares 0 to 1, times in ms;
 * behind each mean of maps, as `NAMEN`, the test images that it is over.
 */
export function buildEpochTable(run: Run): Table {
  const columns = epochMetricNames.map((name): Column => {
    const { heading, unit } = epochMetrics[name];
    const own = { key: name, title: heading, unit };
    return isRecorded(name) ? { ...own, countKeys: [`${name}N`] } : own;
  });
  const rows = run.epochs.map((metrics) => [
    plain(metrics.epoch),
    ...epochMetricNames.map((name) =>
      isRecorded(name) ? meanCell(name, metrics) : plain(readMetric(metrics, name)),
    ),
    plain(metrics.testImages),
    plain(metrics.numericsVersion),
  ]);
  return {
    caption: `Epochs of ${run.name}`,
    label: 'epochs',
    columns: [
      { key: 'epoch', title: 'Epoch', unit: '' },
      ...columns,
      { key: 'testImages', title: 'Test images', unit: '' },
      { key: 'numericsVersion', title: 'Arithmetic', unit: '' },
    ],
    rows,
  };
}

/** The same of several runs, each row behind its run's id, name and seed. */
export function buildEpochsTable(runs: readonly Run[]): Table {
  const tables = runs.map((run) => ({ run, table: buildEpochTable(run) }));
  return {
    caption: 'Epochs',
    label: 'epochs',
    columns: [
      { key: 'id', title: 'Id', unit: '' },
      { key: 'run', title: 'Run', unit: '' },
      { key: 'seed', title: 'Seed', unit: '' },
      ...(tables[0]?.table.columns ?? []),
    ],
    rows: tables.flatMap(({ run: { id, name, seed }, table }) =>
      table.rows.map((row) => [{ text: id }, { text: name }, plain(seed), ...row]),
    ),
  };
}
