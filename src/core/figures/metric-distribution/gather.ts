import { AfterimageError } from '../../errors.ts';
import { versionsOf } from '../charts/gather.ts';
import type { ReadyMetricName } from '../../metrics/exampleMetrics.ts';
import { readColumn, type PredictionColumns } from '../columns.ts';
import { findRun, labelRun, requireOneDataset, requireTwoRuns, resolveEpoch } from '../runs.ts';
import type { FigureSource } from '../source.ts';
import type { MetricDistributionData } from './figure.ts';
import type { MetricDistributionSpec } from './spec.ts';

/** By test image; NaN where undefined. */
function readMetric(columns: PredictionColumns, metric: ReadyMetricName): Map<number, number> {
  const values = readColumn(columns, metric);
  return new Map(Array.from(columns.exampleIds, (id, i) => [id, values[i] ?? Number.NaN]));
}

export function gather(spec: MetricDistributionSpec, source: FigureSource): MetricDistributionData {
  const runs = requireTwoRuns(spec.runs.map((name) => findRun(source, name)));
  requireOneDataset(runs, source);
  const [first, second] = runs.map((run) => {
    const epoch = resolveEpoch(run, spec.epoch);
    const values = readMetric(source.getPredictions(run.id, epoch), spec.metric);
    return { run: labelRun(run), epoch, values };
  });
  if (first === undefined || second === undefined) throw new RangeError('two runs are compared');
  const exampleIds = [...first.values.keys()].filter((id) => second.values.has(id));
  const pick = (of: typeof first) => ({
    ...of,
    values: exampleIds.map((id) => {
      const value = of.values.get(id) ?? Number.NaN;
      return Number.isFinite(value) ? value : null;
    }),
  });
  const sides = [pick(first), pick(second)] as const;
  if (!exampleIds.some((_, i) => sides.every(({ values }) => values[i] !== null))) {
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      `Runs ${first.run.name} and ${second.run.name} share no test image with a defined ${spec.metric}.`,
      'Compare runs that were evaluated on the same images.',
    );
  }
  const { metric, countScale } = spec;
  const versions = versionsOf(runs, sides);
  return { metric, countScale, first: sides[0], second: sides[1], exampleIds, versions };
}
