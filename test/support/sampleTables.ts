import { buildGroupTable, buildMetricTable } from '../../src/main/export/metricTables.ts';
import type { Table } from '../../src/main/export/table.ts';
import { buildCostTable, buildPerformanceTable } from '../../src/main/export/tables.ts';
import {
  comparedMetricNames,
  type ComparedMetricName,
  type RunMeasures,
} from '../../src/core/metrics/comparedMetrics.ts';
import { presets } from '../../src/core/config/presets.ts';
import type { Run } from '../../src/core/records.ts';
import { engine } from '../main/store/fixtures.ts';
import { buildMapMeans, buildMetrics } from './epochMetrics.ts';
import { buildRun } from './reportRuns.ts';

const epoch = buildMetrics({
  mapMeans: buildMapMeans({ iou: 0.125 }, { inputCorrelation: 755 }),
  testAccuracy: 0.98437,
});
const buildRuns = (names: readonly string[]): Run[] =>
  names.map((name, i) =>
    buildRun({
      ...{ id: name, name, seed: i, engine, epochs: [epoch], bestEpoch: 1 },
      config: presets[i % 2 === 0 ? 'mnist-c' : 'mnist-r'],
    }),
  );
const two = buildRuns(['mnist-c seed 1', 'mnist-r seed 1']);
const six = buildRuns([1, 2, 3, 4, 5, 6].map((i) => `mnist-c seed ${i}`));
const mnist = { imageSize: 28, classes: 10 };

/** Values that take a sign, a deviation with two digits before the point, or many decimals. */
const measures = (shift: number): RunMeasures =>
  Object.fromEntries(
    comparedMetricNames.map((name, i) => [
      name,
      {
        value: (i % 3 === 0 ? -1 : 1) * (0.0123 + 0.2 * shift),
        standardError: 10 ** -(i % 5),
        n: i % 2 === 0 ? 500 : 480,
        images: 500,
      },
    ]),
  ) as RunMeasures;
const measured = (runs: readonly Run[]) =>
  runs.map((run, i) => ({ run, epoch, measures: measures(i) }));
const options = { metrics: comparedMetricNames, epoch: 'best', boldBest: true } as const;
const few: ComparedMetricName[] = ['testAccuracy', 'iou'];

/** Tables of every kind, from narrow ones to ones that fit nowhere. */
export const sampleTables = {
  'table 1': buildPerformanceTable(two),
  'table 1 of six runs': buildPerformanceTable(six),
  'table 1 of names in other scripts': buildPerformanceTable(buildRuns(['Größe Łódź α', 'W & _'])),
  'table 2': buildCostTable(two, [mnist, mnist]),
  'every metric': buildMetricTable(measured(two), options),
  'metrics over seeds': buildGroupTable(
    [
      { label: 'C', runs: measured(six.slice(0, 3)) },
      { label: 'R, camWeight 0.5', runs: measured(six.slice(3)) },
    ],
    { ...options, metrics: few },
  ),
} satisfies Record<string, Table>;
