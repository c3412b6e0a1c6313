import {
  comparedMetrics,
  printedScale,
  type ComparedMetricName,
  type RunMeasures,
} from '../../shared/comparedMetrics.ts';
import type { EpochChoice } from '../../shared/comparison.ts';
import type { Run } from '../../shared/records.ts';
import { commonDecimals } from '../../shared/statistics/decimals.ts';
import { intervalHalfWidth, mean, standardDeviation } from '../../shared/statistics/describe.ts';
import type { Cell, Column, Table } from './tables.ts';

/** A run at the epoch it is judged by. */
export interface MeasuredRun {
  run: Run;
  epoch: number;
  measures: RunMeasures;
}

/** Runs that differ by their seed alone. */
export interface MeasuredGroup {
  label: string;
  runs: MeasuredRun[];
}

export interface MetricTableOptions {
  metrics: readonly ComparedMetricName[];
  epoch: EpochChoice;
  /** Whether the best value of every metric is set in bold. */
  boldBest: boolean;
}

const column = (key: string, title: string, unit = ''): Column => ({ key, title, unit });

const metricColumn = (name: ComparedMetricName): Column => {
  const { title, percent } = comparedMetrics[name];
  return column(name, title, percent === true ? '%' : '');
};

/** A metric in every row: value, what tells its decimals, and its interval where it is a mean. */
interface Entry {
  value: number;
  uncertainty: number | null;
  deviation?: number | null;
  half?: number | null;
}

/** One metric's entries as cells, printed to the decimals that their uncertainties leave. */
function printColumn(
  name: ComparedMetricName,
  entries: readonly (Entry | null)[],
  boldBest: boolean,
): (Entry & { decimals: number; bold: boolean })[] {
  const { decimals: usual, better } = comparedMetrics[name];
  const decimals = commonDecimals(
    entries.map((entry) => entry?.uncertainty),
    usual,
  );
  const known = entries.flatMap((entry) => (entry ? [Number(entry.value.toFixed(decimals))] : []));
  const best = better === 'higher' ? Math.max(...known) : Math.min(...known);
  const isBest = (value: number): boolean =>
    boldBest && better !== null && known.length > 1 && Number(value.toFixed(decimals)) === best;
  return entries.map((entry) => {
    const { value, ...rest } = entry ?? { value: Number.NaN, uncertainty: null };
    return { value, ...rest, decimals, bold: isBest(value) };
  });
}

const scale = (name: ComparedMetricName, value: number | null): number | null =>
  value === null ? null : value * printedScale(name);

const valueCell = ({
  value,
  decimals,
  deviation,
  bold,
}: Entry & { decimals: number; bold: boolean }): Cell =>
  Number.isNaN(value)
    ? null
    : { value, decimals, ...(deviation !== undefined && { deviation }), ...(bold && { bold }) };

function intervalCell({ value, half, decimals }: Entry & { decimals: number }): Cell {
  return half === null || half === undefined
    ? null
    : { low: value - half, high: value + half, decimals };
}

const epochWords = (epoch: EpochChoice): string =>
  epoch === 'best'
    ? 'the epoch with the lowest validation loss'
    : epoch === 'last'
      ? 'the last epoch'
      : `epoch ${epoch}`;

function defineMetrics(
  metrics: readonly ComparedMetricName[],
  runs: readonly MeasuredRun[],
): string {
  const thresholds = new Set(runs.map(({ run }) => run.config.lowConfidenceThreshold));
  return metrics
    .map((name) => {
      const { title, definition } = comparedMetrics[name];
      const threshold = name === 'trueLowConfidence' ? ` ${[...thresholds].join(', ')}` : '';
      return `${title}: ${definition}${threshold}`;
    })
    .join('; ');
}

/** Transposes columns of cells into rows. */
const toRows = (heads: Cell[][], columns: Cell[][]): Cell[][] =>
  heads.map((head, i) => [...head, ...columns.map((cells) => cells[i] ?? null)]);

/**
 * A row per run. Decimals are those that the smallest standard error of the column's means over the
 * test images leaves (`decimalsFor`).
 */
export function buildMetricTable(runs: readonly MeasuredRun[], options: MetricTableOptions): Table {
  const { metrics, epoch, boldBest } = options;
  const columns = metrics.map((name) => {
    const entries = runs.map(({ measures }): Entry | null => {
      const { value, standardError } = measures[name];
      const scaled = scale(name, value);
      return scaled === null ? null : { value: scaled, uncertainty: scale(name, standardError) };
    });
    return printColumn(name, entries, boldBest).map(valueCell);
  });
  const heads = runs.map(({ run, epoch: judged }): Cell[] => [
    { text: run.name },
    { text: run.config.paradigm },
    { text: run.config.dataset },
    { value: run.seed, decimals: 0 },
    { value: judged, decimals: 0 },
  ]);
  return {
    caption: `Test metrics at ${epochWords(epoch)}. ${defineMetrics(metrics, runs)}.`,
    columns: [
      column('run', 'Run'),
      column('paradigm', 'Paradigm'),
      column('dataset', 'Data set'),
      column('seed', 'Seed'),
      column('epoch', 'Epoch'),
      ...metrics.map(metricColumn),
    ],
    rows: toRows(heads, columns),
  };
}

const definedValues = (name: ComparedMetricName, { runs }: MeasuredGroup): number[] =>
  runs.flatMap(({ measures }) => scale(name, measures[name].value) ?? []);

function groupEntry(name: ComparedMetricName, group: MeasuredGroup): Entry | null {
  const values = definedValues(name, group);
  if (values.length === 0) return null;
  const deviation = values.length < 2 ? null : standardDeviation(values);
  const half = intervalHalfWidth(values);
  return { value: mean(values), uncertainty: deviation, deviation, half };
}

/** What the means leave out, in words. */
const noteUndefined = (
  metrics: readonly ComparedMetricName[],
  groups: readonly MeasuredGroup[],
): string[] =>
  metrics.flatMap((name) =>
    groups.flatMap((group) => {
      const missing = group.runs.length - definedValues(name, group).length;
      if (missing === 0) return [];
      const { title } = comparedMetrics[name];
      return [
        `${title} is undefined for ${missing} of ${group.runs.length} runs of ${group.label}`,
      ];
    }),
  );

/**
 * A row per group of seeds: mean and standard deviation (n - 1), and the mean's 95% interval by
 * Student's t. Decimals are those that the column's smallest deviation leaves (`decimalsFor`).
 */
export function buildGroupTable(
  groups: readonly MeasuredGroup[],
  { metrics, epoch, boldBest }: MetricTableOptions,
): Table {
  const columns = metrics.flatMap((name) => {
    const entries = groups.map((group) => groupEntry(name, group));
    const printed = printColumn(name, entries, boldBest);
    return [printed.map(valueCell), printed.map(intervalCell)];
  });
  const heads = groups.map(({ label, runs }): Cell[] => [
    { text: label },
    { text: runs[0]?.run.config.dataset ?? '' },
    { value: runs.length, decimals: 0 },
  ]);
  const notes = noteUndefined(metrics, groups).map((note) => ` ${note}.`);
  const runs = groups.flatMap((group) => group.runs);
  return {
    caption: `Mean ± standard deviation over n seeds, and the mean’s 95% interval by Student’s t, at ${epochWords(epoch)}. ${defineMetrics(metrics, runs)}.${notes.join('')}`,
    columns: [
      column('group', 'Runs'),
      column('dataset', 'Data set'),
      column('n', 'n'),
      ...metrics.flatMap((name) => groupColumns(name)),
    ],
    rows: toRows(heads, columns),
  };
}

function groupColumns(name: ComparedMetricName): Column[] {
  const own = metricColumn(name);
  return [
    { ...own, parts: [name, `${name}Deviation`] },
    {
      key: `${name}Interval`,
      title: '95% interval',
      unit: own.unit,
      parts: [`${name}Low`, `${name}High`],
    },
  ];
}
