import type { ComparedMetricName } from '../../core/metrics/comparedMetrics.ts';
import type { MetricTableQuery } from '../../core/statistics/comparison.ts';
import type { Run } from '../../core/records.ts';
import { checkDistinctSeeds, groupBySeed } from '../../core/statistics/pairRuns.ts';
import { buildGroupTable, buildMetricTable, type MeasuredRun } from '../export/metricTables.ts';
import { pickFields, type Table } from '../export/table.ts';
import { formatTable } from '../export/tableFormats.ts';
import type { LongTaskOptions } from '../platform/longTask.ts';
import { chooseEpoch, measureRun, type MeasureParts } from './measures.ts';

/** What a table shows unless told. */
const usualMetrics: readonly ComparedMetricName[] = [
  'testAccuracy',
  'trueLowConfidence',
  'inputCorrelation',
  'energyInside',
  'iou',
  'ssim',
  'pointing',
];

/** A table of metrics over runs, or over groups of runs that differ by their seed alone. */
export async function tabulateMetrics(
  parts: MeasureParts,
  query: Pick<MetricTableQuery, 'runIds' | 'epoch' | 'metrics' | 'group' | 'boldBest'>,
  options: LongTaskOptions,
): Promise<Table> {
  const { epoch, group, boldBest } = query;
  const metrics = query.metrics ?? usualMetrics;
  const runs = query.runIds.map((runId) => parts.history.runs.get(runId));
  const groups = group === 'seeds' ? groupBySeed(runs) : [];
  for (const seeds of groups) checkDistinctSeeds(seeds);
  for (const run of runs) chooseEpoch(run, epoch);
  const measured = new Map<Run, MeasuredRun>();
  for (const run of runs) {
    const judged = chooseEpoch(run, epoch);
    const measures = await measureRun(parts, run, judged, { ...options, metrics });
    measured.set(run, { run, epoch: judged, measures });
  }
  const pick = (members: readonly Run[]): MeasuredRun[] =>
    members.flatMap((run) => measured.get(run) ?? []);
  const shown = { metrics, epoch, boldBest };
  return group === 'seeds'
    ? buildGroupTable(
        groups.map(({ label, runs: members }) => ({ label, runs: pick(members) })),
        shown,
      )
    : buildMetricTable(pick(runs), shown);
}

/** The same as text. */
export async function writeMetricTable(
  parts: MeasureParts,
  query: MetricTableQuery,
  options: LongTaskOptions,
): Promise<string> {
  const { format, fields, layout, venue, lineLength } = query;
  const table = await tabulateMetrics(parts, query, options);
  const shown = fields === null ? table : pickFields(table, fields);
  return formatTable(shown, format, { layout, venue, lineLength });
}
