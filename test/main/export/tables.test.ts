import { withSettings } from '../../support/settings.ts';
import { judgedEpoch } from '../../../src/core/metrics/judgedEpoch.ts';
import { describe, expect, it } from 'vitest';
import { buildCostTable, buildPerformanceTable } from '../../../src/main/export/tables.ts';
import type { Table } from '../../../src/main/export/table.ts';
import { formatTable } from '../../../src/main/export/tableFormats.ts';
import { presets } from '../../../src/core/config/presets.ts';
import type { Run } from '../../../src/core/records.ts';
import { engine } from '../store/fixtures.ts';
import { buildMapMeans, buildMetrics } from '../../support/epochMetrics.ts';
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
    buildMetrics({
      epoch: 1,
      testAccuracy: 0.98437,
      mapMeans: buildMapMeans({ iou: null }),
      durationMs: 60_000,
    }),
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
      testAccuracy: '98.44',
      falsePredictions: '400',
      trueLowConfidence: '120',
      inputCorrelation: '0.250',
      energyInside: '0.250',
      iou: '',
    });
  });

  it('says of every mean over how many images it is', () => {
    const epoch = buildMetrics({
      testImages: 10_000,
      mapMeans: buildMapMeans({ iou: 0.125 }, { inputCorrelation: 755, energyInside: 755 }),
    });
    const table = buildPerformanceTable([buildRun({ epochs: [epoch], bestEpoch: 1 })]);
    const cells = table.rows[0] ?? [];
    expect(cells.slice(-3)).toEqual([
      {
        value: 0.25,
        decimals: 3,
        counts: [9245],
        note: 'Mean over 9,245 of 10,000 test images; undefined where the map or the image is constant',
      },
      {
        value: 0.25,
        decimals: 3,
        counts: [9245],
        note: 'Mean over 9,245 of 10,000 test images; undefined where the map is all zero or the image’s mask is empty',
      },
      { value: 0.125, decimals: 3, counts: [10_000] },
    ]);
    const [head, row] = formatTable(table, 'csv').split('\r\n');
    expect(head?.split(',').slice(-6)).toEqual([
      ...['inputCorrelation', 'inputCorrelationN', 'energyInside', 'energyInsideN', 'iou', 'iouN'],
    ]);
    expect(row?.split(',').slice(-6)).toEqual(['0.25', '9245', '0.25', '9245', '0.125', '10000']);
  });

  it('has in CSV the digits that an accuracy has', () => {
    const epochs = [buildMetrics({ testAccuracy: 1 - 143 / 10_000 })];
    const csv = formatTable(buildPerformanceTable([buildRun({ epochs })]), 'csv');
    expect(csv).toContain(',98.57,');
  });

  it('says so where its runs were computed by several versions of the arithmetic', () => {
    const byVersion = (numericsVersion: number): Run =>
      buildRun({ epochs: [buildMetrics({ numericsVersion })], bestEpoch: 1 });
    expect(buildPerformanceTable([byVersion(1), byVersion(2)]).caption).toContain(
      'versions 1 and 2',
    );
    expect(buildPerformanceTable([byVersion(1), byVersion(1)]).caption).not.toContain('version');
  });

  it('shows the last epoch of a run without a best one, and nothing of one without epochs', () => {
    const untrained = buildRun({ epochs: trained.epochs.slice(0, 1) });
    const table = buildPerformanceTable([untrained, buildRun({})]);
    expect(readRow(table, 0)).toMatchObject({ epoch: '0', testAccuracy: '10.00' });
    expect(readRow(table, 1)).toMatchObject({
      run: 'mnist-r seed 2',
      epoch: null,
      testAccuracy: null,
    });
    expect(judgedEpoch(buildRun({}))).toBeUndefined();
  });

  it('names every threshold that its runs were counted with', () => {
    const strict = buildRun({
      config: withSettings(presets['mnist-c'], { lowConfidenceThreshold: 0.8 }),
    });
    const { caption } = buildPerformanceTable([trained, trained, strict]);
    expect(caption).toContain('a confidence below the threshold 0.6, 0.8;');
  });

  it('says which pixels its runs counted as inside', () => {
    const config = withSettings(presets['mnist-c'], { 'cam.mask': 'otsu' });
    const inside = 'Energy inside: share of the map on pixels above';
    expect(buildPerformanceTable([trained]).caption).toContain(`${inside} 0.5; IoU`);
    expect(buildPerformanceTable([buildRun({ config })]).caption).toContain(
      `${inside} Otsu’s threshold; IoU: intersection over union of the map above 0.5 and pixels`,
    );
    const both = buildPerformanceTable([trained, buildRun({ config })]).caption;
    expect(both).toContain(`${inside} 0.5, pixels above Otsu’s threshold;`);
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
