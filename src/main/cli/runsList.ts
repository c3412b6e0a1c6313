import type { Command } from 'commander';
import type { TableFormat } from '../../core/statistics/comparison.ts';
import { settingsOf, valueAt } from '../../core/config/settingValues.ts';
import {
  epochMetrics,
  listBatchNotes,
  readMetric,
  type EpochMetricName,
} from '../../core/metrics/epochMetrics.ts';
import { isRecorded } from '../../core/metrics/exampleMetrics.ts';
import { toPrinted } from '../../core/metrics/metric.ts';
import { addSizes, noSizes, sizeKinds, totalOf, type RunSizes } from '../../core/runSizes.ts';
import { trainingTimeMs } from '../../core/metrics/trainingTime.ts';
import type { EpochMetrics, Run, RunSummary } from '../../core/records.ts';
import { describeProspect } from '../../core/unbegunRun.ts';
import { buildEpochTable } from '../export/epochTable.ts';
import { describeRun, describeSummary } from '../export/runDocument.ts';
import type { Cell, Table } from '../export/table.ts';
import { meanCell } from '../export/tables.ts';
import { formatTable } from '../export/tableFormats.ts';
import { collect } from './arguments.ts';
import { formatDuration } from './output.ts';
import { withSession, type Session } from './session.ts';
import { addListFormat, formatList, listFormat } from './tableOptions.ts';

export const number = (value: number | null | undefined, decimals = 0): Cell =>
  value === null || value === undefined ? null : { value, decimals };

/** A metric of an epoch as tables print it, with a note where its mean leaves images out. */
export function metricCell(name: EpochMetricName, metrics: EpochMetrics | null): Cell {
  if (isRecorded(name)) return meanCell(name, metrics);
  const value = metrics && readMetric(metrics, name);
  const metric = epochMetrics[name];
  return number(value && toPrinted(metric, value), metric.decimals);
}

export type ListColumn<Item> = readonly [title: string, cell: (item: Item) => Cell];

export const toTable = <Item>(
  caption: string,
  label: string,
  items: readonly Item[],
  columns: readonly ListColumn<Item>[],
): Table => ({
  caption,
  label,
  columns: columns.map(([title]) => ({ key: title, title, unit: '' })),
  rows: items.map((item) => columns.map(([, cell]) => cell(item))),
});

export const judged = ({ best, last }: RunSummary): EpochMetrics | null => best ?? last;

const runColumns: readonly ListColumn<RunSummary>[] = [
  ['id', ({ id }) => ({ text: id })],
  ['name', ({ name }) => ({ text: name })],
  ['status', ({ status }) => ({ text: status })],
  ['seed', ({ seed }) => number(seed)],
  ['epochs', ({ last }) => number(last?.epoch)],
  ['best', ({ bestEpoch }) => number(bestEpoch)],
  ['accuracy %', (run) => metricCell('testAccuracy', judged(run))],
  ['false', (run) => metricCell('falsePredictions', judged(run))],
  ['true low-conf.', (run) => metricCell('trueLowConfidence', judged(run))],
  ['input corr.', (run) => metricCell('inputCorrelation', judged(run))],
  ['trained', ({ last, trainingMs }) => last && { text: formatDuration(trainingMs) }],
  ['engine', ({ engine }) => ({ text: engine?.name ?? '' })],
  ['tags', ({ tags }) => ({ text: tags.join(', ') })],
];

const tabulateRuns = (runs: readonly RunSummary[]): Table =>
  toTable(
    `${runs.length} runs, figures of the best epoch; trained: time of the epochs, without pauses`,
    'runs',
    runs,
    runColumns,
  );

/** Runs in their state after a command. */
export function reportRuns({ workbench, output, json }: Session, ids: readonly string[]): void {
  const runs = ids.map((id) => workbench.history.runs.getSummary(id));
  if (json) output.json({ runs: runs.map(describeSummary) });
  else output.text(formatList(tabulateRuns(runs), output));
}

/** One kind of what runs take, MB. */
const sizeColumns: readonly ListColumn<{ run: RunSummary; sizes: RunSizes }>[] = [
  ['id', ({ run }) => ({ text: run.id })],
  ['name', ({ run }) => ({ text: run.name })],
  ['status', ({ run }) => ({ text: run.status })],
  ['epochs', ({ run }) => number(run.last?.epoch)],
  ...sizeKinds.map(
    ({ name, title }) =>
      [
        `${title.toLowerCase()} MB`,
        ({ sizes }: { sizes: RunSizes }) => number(sizes[name] / 1e6, 1),
      ] as const,
  ),
  ['all MB', ({ sizes }) => number(totalOf(sizes) / 1e6, 1)],
];

/** The largest first. */
function tabulateSizes(runs: readonly RunSummary[], sizes: Record<string, RunSizes>): Table {
  const items = runs
    .map((run) => ({ run, sizes: sizes[run.id] ?? noSizes }))
    .toSorted((a, b) => totalOf(b.sizes) - totalOf(a.sizes));
  const total = (totalOf(addSizes(items.map((item) => item.sizes))) / 1e6).toFixed(1);
  return toTable(`${runs.length} runs, ${total} MB in all`, 'sizes', items, sizeColumns);
}

interface ListOptions {
  sizes?: boolean;
  deleted?: boolean;
  tag: string[];
  text?: string;
  experiment?: string;
}

function list(session: Session, options: ListOptions, format: TableFormat): void {
  const { workbench, output, json } = session;
  const { runs } = workbench.history;
  const filter = {
    deleted: options.deleted === true,
    tags: options.tag,
    ...(options.text !== undefined && { text: options.text }),
    ...(options.experiment !== undefined && { experiment: options.experiment }),
  };
  const sizes = options.sizes === true ? workbench.history.space.list() : null;
  if (json) {
    const describe = (run: Run) => ({
      ...describeRun(run),
      ...(sizes && { sizes: sizes[run.id] }),
    });
    output.json({ runs: runs.list(filter).map(describe) });
  } else if (sizes !== null) {
    output.text(formatList(tabulateSizes(runs.listSummaries(filter), sizes), output, format));
  } else output.text(formatList(tabulateRuns(runs.listSummaries(filter)), output, format));
}

const epochColumns: readonly ListColumn<EpochMetrics>[] = [
  ['epoch', ({ epoch }) => number(epoch)],
  ['val. loss', (metrics) => metricCell('validationLoss', metrics)],
  ['accuracy %', (metrics) => metricCell('testAccuracy', metrics)],
  ['false', (metrics) => metricCell('falsePredictions', metrics)],
  ['true low-conf.', (metrics) => metricCell('trueLowConfidence', metrics)],
  ['input corr.', (metrics) => metricCell('inputCorrelation', metrics)],
  ['time', ({ durationMs }) => ({ text: formatDuration(durationMs) })],
];

/** Training time, and the wall clock where the two tell different things. */
function describeTimes({ epochs, startedAt, finishedAt }: Run): string {
  const trained = `trained ${formatDuration(trainingTimeMs(epochs))}`;
  if (startedAt === null || finishedAt === null) return trained;
  const clock = Date.parse(finishedAt) - Date.parse(startedAt);
  return `${trained}; ${formatDuration(clock)} from start to finish, pauses included`;
}

function describeState(run: Run): string[] {
  const { engine, error, tags, note, epochs } = run;
  return [
    `${run.name} (${run.id}), ${run.status}`,
    `experiment ${run.experiment}, seed ${run.seed}, best epoch ${run.bestEpoch ?? 'none yet'}`,
    `data set ${run.config.data.dataset}, SHA-256 ${run.datasetId ?? 'not known before it starts'}`,
    `engine ${engine ? `${engine.name}, ${engine.device}, ${engine.threads} ${engine.threads === 1 ? 'thread' : 'threads'}` : 'not started'}`,
    epochs.length === 0 ? describeProspect(run) : describeTimes(run),
    ...listBatchNotes(...epochs).map((note) => `${note} in all epochs together`),
    ...(error ? [`${error.code}: ${error.message} ${error.remedy}`, ...error.log] : []),
    ...(tags.length > 0 ? [`tags ${tags.join(', ')}`] : []),
    ...(note === '' ? [] : ['', note]),
  ];
}

function show({ workbench, output, json }: Session, name: string, format: TableFormat): void {
  const { runs } = workbench.history;
  const run = runs.get(runs.resolve(name));
  if (json) output.json(describeRun(run));
  else if (format === 'csv') output.text(formatTable(buildEpochTable(run), 'csv'));
  else {
    const settings = settingsOf(run.config).map(
      ({ path }) => `${path}=${valueAt(run.config, path) ?? 'none'}`,
    );
    const caption = 'Figures of the test images after each epoch; 0 is the untrained network.';
    const epochs = toTable(caption, 'epochs', run.epochs, epochColumns);
    const table = run.epochs.length === 0 ? [] : ['', formatList(epochs, output, format)];
    output.text([...describeState(run), '', ...settings, ...table].join('\n'));
  }
}

/** `runs list` and `runs show`. */
export function addListing(parent: Command): void {
  const listing = parent
    .command('list')
    .description('newest first')
    .option('--deleted', 'those in the bin')
    .option('--sizes', 'what each takes of the history, by kind, the largest first')
    .option('--tag <tag>', 'with this tag; may be given several times', collect, [])
    .option('--text <text>', 'found in name, experiment, note or tags')
    .option('--experiment <name>');
  addListFormat(listing).action(async (options: ListOptions, command: Command) => {
    const format = listFormat(command);
    await withSession(command, (session) => {
      list(session, options, format);
    });
  });
  const showing = parent
    .command('show')
    .description('everything about one run; --format csv: every metric of every epoch')
    .argument('<run>', 'id, the beginning of one, or a name');
  addListFormat(showing).action(async (name: string, _: unknown, command: Command) => {
    const format = listFormat(command);
    await withSession(command, (session) => {
      show(session, name, format);
    });
  });
}
