import { paradigmOf } from '../../core/config/objectives.ts';
import {
  comparedMetrics,
  defineMetrics,
  describeOmitted,
  undefinedWhere,
  type ComparedMetricName,
  type RunMeasures,
} from '../../core/metrics/comparedMetrics.ts';
import { judgementOf, printedUnit, toPrinted, type Judgement } from '../../core/metrics/metric.ts';
import type { EpochChoice } from '../../core/statistics/comparison.ts';
import { dropRounding } from '../../core/formats/decimalText.ts';
import type { EpochMetrics, Run } from '../../core/records.ts';
import { commonDecimals } from '../../core/statistics/decimals.ts';
import { mean, standardDeviation } from '../../core/statistics/describe.ts';
import { intervalHalfWidth } from '../../core/statistics/studentInterval.ts';
import type { Cell, Column, Table } from './table.ts';
import { noteVersions } from './tables.ts';

/** A run at the epoch it is judged by. */
export interface MeasuredRun {
  run: Run;
  epoch: EpochMetrics;
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

/** Whether a run's value may be a mean over some of the images. */
const leavesOut = (name: ComparedMetricName): boolean => undefinedWhere(name) !== undefined;

/** `countKeys` where a mean may leave images out. */
const metricColumn = (name: ComparedMetricName, countKeys: readonly string[]): Column => {
  const metric = comparedMetrics[name];
  const own = column(name, metric.heading, printedUnit(metric));
  return leavesOut(name) ? { ...own, countKeys } : own;
};

/** A metric in every row: value, what tells its decimals, and its interval where it is a mean. */
interface Entry {
  /** Null where undefined. */
  value: number | null;
  uncertainty: number | null;
  deviation?: number | null;
  half?: number | null;
  /** For the column's `countKeys`. */
  counts: number[];
  note: string | undefined;
}

type PrintedEntry = Entry & { decimals: number; bold: boolean };

/** One metric's entries as cells, printed to the decimals that their uncertainties leave. */
function printColumn(
  name: ComparedMetricName,
  entries: readonly Entry[],
  boldBest: boolean,
): PrintedEntry[] {
  const { decimals: usual, better } = comparedMetrics[name];
  const uncertainties = entries.map(({ uncertainty }) => uncertainty);
  const decimals = commonDecimals(uncertainties, usual);
  const printed = entries.map(({ value }) => value && Number(value.toFixed(decimals)));
  const known = printed.filter((value) => value !== null);
  const best = better === 'higher' ? Math.max(...known) : Math.min(...known);
  const isMarked = boldBest && better !== null && known.length > 1;
  return entries.map((entry, i) => ({ ...entry, decimals, bold: isMarked && printed[i] === best }));
}

const scale = (name: ComparedMetricName, value: number | null): number | null =>
  value === null ? null : toPrinted(comparedMetrics[name], value);

function valueCell({ value, decimals, deviation, bold, counts, note }: PrintedEntry): Cell {
  const counted = counts.length > 0 && { counts };
  if (value === null) return counted === false ? null : { text: '', exact: null, ...counted };
  return {
    value,
    decimals,
    ...(deviation !== undefined && { deviation }),
    ...(bold && { bold }),
    ...counted,
    ...(note !== undefined && { note }),
  };
}

function intervalCell({ value, half, decimals }: PrintedEntry): Cell {
  if (value === null || half === null || half === undefined) return null;
  const [low, high] = [value - half, value + half].map((end) => dropRounding(end, value));
  return { low: low ?? value, high: high ?? value, decimals };
}

const epochWords = (epoch: EpochChoice): string =>
  epoch === 'best'
    ? 'the epoch with the lowest validation loss'
    : epoch === 'last'
      ? 'the last epoch'
      : `epoch ${epoch}`;

const judgementsOf = (runs: readonly MeasuredRun[]): Judgement[] =>
  runs.map(({ run }) => judgementOf(run.config));

/** Transposes columns of cells into rows. */
const toRows = (heads: Cell[][], columns: Cell[][]): Cell[][] =>
  heads.map((head, i) => [...head, ...columns.map((cells) => cells[i] ?? null)]);

function runEntry(name: ComparedMetricName, { measures }: MeasuredRun): Entry {
  const { value, standardError, n, images } = measures[name];
  return {
    value: scale(name, value),
    uncertainty: scale(name, standardError),
    counts: leavesOut(name) ? [n] : [],
    note: describeOmitted(name, [n], images),
  };
}

/**
 * A row per run. Decimals are those that the smallest standard error of the column's means over the
 * test images leaves (`decimalsFor`).
 */
export function buildMetricTable(runs: readonly MeasuredRun[], options: MetricTableOptions): Table {
  const { metrics, epoch, boldBest } = options;
  const columns = metrics.map((name) => {
    const entries = runs.map((run) => runEntry(name, run));
    return printColumn(name, entries, boldBest).map(valueCell);
  });
  const heads = runs.map(({ run, epoch: judged }): Cell[] => [
    { text: run.name },
    { text: paradigmOf(run.config) },
    { text: run.config.data.dataset },
    { value: run.seed, decimals: 0 },
    { value: judged.epoch, decimals: 0 },
  ]);
  const versions = noteVersions(runs.map((run) => run.epoch));
  return {
    caption: `Test metrics at ${epochWords(epoch)}. ${defineMetrics(metrics, judgementsOf(runs))}.${versions}`,
    label: 'metrics',
    columns: [
      column('run', 'Run'),
      column('paradigm', 'Paradigm'),
      column('dataset', 'Data set'),
      column('seed', 'Seed'),
      column('epoch', 'Epoch'),
      ...metrics.map((name) => metricColumn(name, [`${name}N`])),
    ],
    rows: toRows(heads, columns),
  };
}

/** The runs of a group for which a metric has a value. */
const listDefined = (name: ComparedMetricName, { runs }: MeasuredGroup): MeasuredRun[] =>
  runs.filter(({ measures }) => measures[name].value !== null);

function groupEntry(name: ComparedMetricName, group: MeasuredGroup): Entry {
  const defined = listDefined(name, group).map(({ measures }) => measures[name]);
  const values = defined.flatMap(({ value }) => scale(name, value) ?? []);
  const n = defined.map((measure) => measure.n);
  const counts = leavesOut(name) ? [values.length, values.length === 0 ? 0 : Math.min(...n)] : [];
  if (values.length === 0) return { value: null, uncertainty: null, counts, note: undefined };
  const deviation = values.length < 2 ? null : dropRounding(standardDeviation(values));
  return {
    value: dropRounding(mean(values)),
    uncertainty: deviation,
    deviation,
    half: intervalHalfWidth(values),
    counts,
    note: describeOmitted(name, n, Math.max(...defined.map(({ images }) => images))),
  };
}

/** What the means leave out, in words. */
const noteUndefined = (
  metrics: readonly ComparedMetricName[],
  groups: readonly MeasuredGroup[],
): string[] =>
  metrics.flatMap((name) =>
    groups.flatMap((group) => {
      const missing = group.runs.length - listDefined(name, group).length;
      if (missing === 0) return [];
      return [
        `${comparedMetrics[name].heading} is undefined for ${missing} of ${group.runs.length} runs of ${group.label}`,
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
    { text: runs[0]?.run.config.data.dataset ?? '' },
    { value: runs.length, decimals: 0 },
  ]);
  const notes = noteUndefined(metrics, groups).map((note) => ` ${note}.`);
  const runs = groups.flatMap((group) => group.runs);
  const versions = noteVersions(runs.map((run) => run.epoch));
  return {
    caption: `Mean ± standard deviation over n seeds, and the mean’s 95% interval by Student’s t, at ${epochWords(epoch)}. ${defineMetrics(metrics, judgementsOf(runs))}.${notes.join('')}${versions}`,
    label: 'seeds',
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
  const own = metricColumn(name, [`${name}Runs`, `${name}N`]);
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
