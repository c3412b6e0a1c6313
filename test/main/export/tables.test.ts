import { describe, expect, it } from 'vitest';
import {
  buildCostTable,
  buildPerformanceTable,
  judgedEpoch,
  type Table,
} from '../../../src/main/export/tables.ts';
import { presets } from '../../../src/shared/presets.ts';
import type { Run } from '../../../src/shared/records.ts';
import { engine } from '../store/fixtures.ts';
import { buildMetrics } from '../../support/epochMetrics.ts';
import { buildRun as buildReportRun } from '../../support/reportRuns.ts';

const buildRun = (given: Partial<Run>): Run =>
  buildReportRun({ engine, epochs: [], bestEpoch: null, ...given });

/** A row by the keys of its columns; a number with its decimals as printed. */
function readRow({ columns, rows }: Table, index: number): Record<string, string | null> {
  const cells = rows[index]?.map((cell) => {
    if (cell === null) return null;
    if ('text' in cell) return cell.text;
    return 'value' in cell ? cell.value.toFixed(cell.decimals) : null;
  });
  return Object.fromEntries(columns.map(({ key }, i) => [key, cells?.[i] ?? null]));
}

const trained = buildRun({
  bestEpoch: 1,
  epochs: [
    buildMetrics({ epoch: 0, testAccuracy: 0.1, imagesPerSecond: null, durationMs: 9_000 }),
    buildMetrics({ epoch: 1, testAccuracy: 0.98437, iou: null, durationMs: 60_000 }),
    buildMetrics({ epoch: 2, testAccuracy: 0.99, imagesPerSecond: 500, durationMs: 30_000 }),
  ],
});

describe('table 1', () => {
  it('shows the best epoch of each run', () => {
    expect(readRow(buildPerformanceTable([trained]), 0)).toEqual({
      run: 'mnist-r seed 2',
      paradigm: 'R',
      dataset: 'mnist',
      seed: '2',
      epoch: '1',
      accuracy: '98.44',
      falsePredictions: '400',
      trueLowConfidence: '120',
      inputCorrelation: '0.250',
      energyInside: '0.250',
      iou: null,
    });
  });

  it('shows the last epoch of a run without a best one, and nothing of one without epochs', () => {
    const untrained = buildRun({ epochs: trained.epochs.slice(0, 1) });
    const table = buildPerformanceTable([untrained, buildRun({})]);
    expect(readRow(table, 0)).toMatchObject({ epoch: '0', accuracy: '10.00' });
    expect(readRow(table, 1)).toMatchObject({ run: 'mnist-r seed 2', epoch: null, accuracy: null });
    expect(judgedEpoch(buildRun({}))).toBeUndefined();
  });

  it('names every threshold that its runs were counted with', () => {
    const strict = buildRun({ config: { ...presets['mnist-c'], lowConfidenceThreshold: 0.8 } });
    const { caption } = buildPerformanceTable([trained, trained, strict]);
    expect(caption).toContain('a confidence below 0.6, 0.8.');
  });
});

describe('table 2', () => {
  const mnist = { imageSize: 28, classes: 10 };

  it('shows what a run cost, epoch 0 apart', () => {
    expect(readRow(buildCostTable([trained], [mnist]), 0)).toMatchObject({
      parametersK: '390.86',
      macsM: '7.75',
      epochs: '2',
      secondsPerEpoch: '45.0',
      totalMinutes: '1.5',
      imagesPerSecond: '750',
      engine: 'wasm, CPU',
    });
  });

  it('counts the network that the data set asks for', () => {
    // 64 x 64 pixels leave 8 x 8 x 128 features: 8192 in place of 1152 rows of dense1; 5 classes.
    const parameters = 390_858 + (8192 - 1152) * 256 - 5 * 257;
    const table = buildCostTable([trained], [{ imageSize: 64, classes: 5 }]);
    expect(readRow(table, 0)).toMatchObject({ parametersK: (parameters / 1000).toFixed(2) });
  });

  it('leaves empty what a run without epochs has not told', () => {
    const queued = buildRun({ status: 'queued', engine: null });
    expect(readRow(buildCostTable([queued], [mnist]), 0)).toMatchObject({
      epochs: '0',
      secondsPerEpoch: null,
      imagesPerSecond: null,
      engine: '',
    });
  });
});
