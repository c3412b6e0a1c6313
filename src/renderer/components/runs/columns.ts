import { paradigmOf } from '../../../core/config/objectives.ts';
import { describeEpochOmitted } from '../../../core/metrics/comparedMetrics.ts';
import {
  epochMetricNames,
  epochMetrics,
  listEpochMetrics,
  readMetric,
  type EpochMetricName,
} from '../../../core/metrics/epochMetrics.ts';
import { capitalTitle, shortHeading, type MetricKind } from '../../../core/metrics/metric.ts';
import type { RunSummary } from '../../../core/records.ts';
import {
  formatDate,
  formatDecimal,
  formatMinutes,
  formatInteger,
  formatNumber,
  formatShare,
  missing,
} from '../../composables/format.ts';
import { findPaths } from '../../../core/config/settingKeys.ts';
import { findSetting, settingPaths } from '../../../core/config/settings.ts';
import { valueAt } from '../../../core/config/settingValues.ts';
import { formatConfigValue, settingTitle } from '../run/configDifference.ts';

export type SortValue = string | number | null;

/** One column of the runs table. */
export interface RunColumn {
  key: string;
  /** Its whole name, as the chooser and the tooltip give it. */
  title: string;
  /** What fits above the column. */
  header: string;
  /** CSS pixels; the name takes what is left. */
  width: number;
  align: 'start' | 'end';
  /** How a cell is drawn; most are plain text. */
  kind: 'status' | 'name' | 'paradigm' | 'spark' | 'tags' | 'text';
  sortValue: (run: RunSummary) => SortValue;
  text: (run: RunSummary) => string;
  /** Where a mean over runs says something: the number, and how to write it. */
  number?: (run: RunSummary) => number | null;
  format?: (value: number) => string;
  /** What a mean of maps leaves out, in words; undefined where it leaves out none. */
  omitted?: (run: RunSummary) => string | undefined;
}

const textColumn = (
  key: string,
  header: string,
  width: number,
  text: (run: RunSummary) => string,
  more: Partial<RunColumn> = {},
): RunColumn => ({
  key,
  title: header,
  header,
  width,
  align: 'start',
  kind: 'text',
  sortValue: text,
  text,
  ...more,
});

const numberColumn = (
  key: string,
  names: { title: string; header: string },
  width: number,
  number: (run: RunSummary) => number | null,
  format: (value: number) => string,
): RunColumn => ({
  ...names,
  key,
  width,
  align: 'end',
  kind: 'text',
  sortValue: number,
  text: (run) => {
    const value = number(run);
    return value === null ? missing : format(value);
  },
  number,
  format,
});

/** A count, or a mean of counts with one decimal while that says something. */
const formatMeanCount = (value: number): string =>
  value % 1 === 0 || value >= 1000 ? formatInteger(value) : formatDecimal(value, 1);

/** Shorter than elsewhere: columns are narrow, and grouped runs show means. */
const formats: Record<MetricKind, (value: number) => string> = {
  share: (value) => formatShare(value),
  count: formatMeanCount,
  loss: (value) => formatNumber(value, 3),
  index: (value) => formatDecimal(value),
  duration: formatMinutes,
  rate: formatInteger,
};

/** Room for a heading and the mark of its order, CSS pixels. */
const widthOf = (heading: string): number => Math.max(48, Math.round(18 + 6.4 * heading.length));

/** A metric of the best epoch. */
function metricColumn(name: EpochMetricName): RunColumn {
  const metric = epochMetrics[name];
  const header = shortHeading(metric);
  return {
    ...numberColumn(
      name,
      { title: `${capitalTitle(metric)}, best epoch`, header },
      widthOf(header),
      ({ best }) => best && readMetric(best, name),
      formats[metric.kind],
    ),
    omitted: ({ best }) => (best === null ? undefined : describeEpochOmitted(best, name)),
  };
}

/** Those that are looked for first. */
const firstMetrics: readonly EpochMetricName[] = [
  'testAccuracy',
  ...listEpochMetrics('errors'),
  ...listEpochMetrics('maps'),
];

const ownColumns: readonly RunColumn[] = [
  textColumn('status', 'Status', 104, ({ status }) => status, { kind: 'status' }),
  textColumn('name', 'Name', 160, ({ name }) => name, { kind: 'name' }),
  textColumn('paradigm', 'P', 36, ({ config }) => paradigmOf(config), {
    kind: 'paradigm',
    title: 'Paradigm',
  }),
  textColumn('dataset', 'Data set', 96, ({ config }) => config.data.dataset),
  {
    ...numberColumn('seed', { title: 'Seed', header: 'Seed' }, 48, ({ seed }) => seed, String),
    number: () => null,
  },
  textColumn('spark', 'Loss', 84, () => '', {
    title: 'Validation loss by epoch',
    kind: 'spark',
    sortValue: ({ best }) => best?.validationLoss ?? null,
  }),
  numberColumn(
    'bestEpoch',
    { title: 'Best epoch', header: 'Best' },
    46,
    ({ bestEpoch }) => bestEpoch,
    formatMeanCount,
  ),
  ...firstMetrics.map(metricColumn),
  numberColumn(
    'time',
    { title: 'Training time, without pauses', header: 'Time' },
    66,
    ({ trainingMs, last }) => (last === null ? null : trainingMs),
    formatMinutes,
  ),
  textColumn('engine', 'Engine', 58, ({ engine }) => engine?.name ?? missing),
  textColumn('startedAt', 'Started', 64, ({ startedAt }) => formatDate(startedAt), {
    sortValue: ({ startedAt }) => startedAt,
  }),
  textColumn('tags', 'Tags', 104, ({ tags }) => tags.join(', '), { kind: 'tags' }),
  ...epochMetricNames.filter((name) => !firstMetrics.includes(name)).map(metricColumn),
  numberColumn(
    'epochs',
    { title: 'Epochs trained', header: 'Epochs' },
    58,
    ({ last }) => last?.epoch ?? null,
    formatMeanCount,
  ),
  textColumn('experiment', 'Experiment', 140, ({ experiment }) => experiment),
  textColumn('id', 'Id', 90, ({ id }) => id),
];

const configColumn = (path: string, title: string, isNumber: boolean): RunColumn =>
  textColumn(
    `config.${path}`,
    title,
    Math.max(64, 14 + 6.5 * title.length),
    (run) => formatConfigValue(path, valueAt(run.config, path)),
    {
      align: isNumber ? 'end' : 'start',
      sortValue: ({ config }) => valueAt(config, path) ?? null,
    },
  );

/** Every column there is: a run's own, then its configuration's. */
export const allColumns: readonly RunColumn[] = [
  ...ownColumns,
  ...settingPaths
    .filter((path) => path !== 'data.dataset')
    .map((path) => {
      const { kind } = findSetting(path);
      return configColumn(path, settingTitle(path), kind === 'number' || kind === 'integer');
    }),
];

const columnsByKey = new Map(allColumns.map((column) => [column.key, column]));

/** The column of a key; settings were once called by shorter names, which people's choices may hold. */
export function columnOf(key: string): RunColumn | undefined {
  const [, setting] = /^config\.(.+)$/.exec(key) ?? [];
  const [path] = setting === undefined ? [] : findPaths(setting);
  return columnsByKey.get(path === undefined ? key : `config.${path}`);
}

/** Fits a window of 1280 pixels. */
export const defaultColumnKeys: readonly string[] = [
  'status',
  'name',
  'paradigm',
  'dataset',
  'seed',
  'spark',
  'bestEpoch',
  'testAccuracy',
  'falsePredictions',
  'trueLowConfidence',
  'inputCorrelation',
  'time',
  'engine',
  'startedAt',
  'tags',
];

/** What a wide window shows besides, after the column named. */
export const wideColumnKeys: readonly string[] = defaultColumnKeys.flatMap((key) => {
  if (key === 'inputCorrelation') return [...listEpochMetrics('maps'), 'validationLoss'];
  if (key === 'seed')
    return [key, 'config.objective.contrastive.weight', 'config.optimizer.learningRate'];
  return [key];
});

/** The columns of these keys in their order, unknown keys left out, the name always among them. */
export function resolveColumns(keys: readonly string[]): RunColumn[] {
  const columns = keys.map(columnOf).filter((column) => column !== undefined);
  const name = columnOf('name');
  return columns.some(({ key }) => key === 'name') || name === undefined
    ? columns
    : [name, ...columns];
}
