import type { Command } from 'commander';
import {
  comparedMetricNames,
  type ComparedMetricName,
} from '../../core/metrics/comparedMetrics.ts';
import type { Comparison, EpochChoice, TableFormat } from '../../core/statistics/comparison.ts';
import { describePredictions } from '../../core/statistics/comparisonRows.ts';
import { buildComparisonTable } from '../export/comparisonTable.ts';
import { pickFields } from '../export/table.ts';
import { formatTable } from '../export/tableFormats.ts';
import { finishTask } from '../platform/longTask.ts';
import { epochChoice, comparedMetric, listOf, seed } from './arguments.ts';
import { noteSteps } from './datasetsCommand.ts';
import { withSession, type Session } from './session.ts';
import {
  addTableOptions,
  chooseFormat,
  refuseOption,
  type TableFormatOptions,
} from './tableOptions.ts';

interface CompareOptions extends TableFormatOptions {
  runs: string[];
  epoch: EpochChoice;
  bootstrapSeed: number;
  metrics?: ComparedMetricName[];
}

const describeSide = ({ label, runs }: Comparison['a']): string =>
  `${label}: ${runs.map(({ name, epoch }) => `${name} (epoch ${epoch})`).join(', ')}`;

/** The table; as it is read in a terminal, below what is compared. */
function print(
  { output }: Session,
  comparison: Comparison,
  format: TableFormat,
  { fields, layout, venue }: TableFormatOptions,
): void {
  const { a, b, warnings } = comparison;
  const whole = buildComparisonTable(comparison);
  const table = fields === undefined ? whole : pickFields(whole, fields);
  const isRead = format === 'text' || format === 'md';
  const lines = isRead ? [describeSide(a), describeSide(b)] : [];
  if (isRead && comparison.kind === 'examples') {
    lines.push(describePredictions(comparison));
  }
  if (lines.length > 0) lines.push('');
  output.text(
    [
      ...lines,
      formatTable(table, format, { layout, venue: venue ?? null, lineLength: output.lineLength }),
    ].join('\n'),
  );
  for (const warning of warnings) output.note(`warning: ${warning}`);
}

async function compare(
  session: Session,
  options: CompareOptions,
  format: TableFormat,
): Promise<void> {
  const { workbench, output } = session;
  const runIds = options.runs.map((name) => workbench.history.runs.resolve(name));
  const { epoch, bootstrapSeed, metrics = null } = options;
  const query = { runIds, epoch, bootstrapSeed, metrics };
  const stream = await workbench.api.statistics.compare(query, {});
  const comparison = await finishTask(stream, noteSteps(output));
  if (format === 'json') output.json(comparison);
  else print(session, comparison, format, options);
}

/** `compare`: runs against each other, with tests. */
export function addCompareCommand(program: Command): void {
  const command = program
    .command('compare')
    .description('test whether runs differ: two on the same examples, or several paired by seed')
    .requiredOption(
      '--runs <list>',
      'two runs, or as many under one configuration as under another with the same seeds',
      listOf(String),
    )
    .option('--epoch <best|last|n>', 'the epoch compared', epochChoice, 'best')
    .option('--bootstrap-seed <n>', 'of the resamples', seed, 1)
    .option(
      '--metrics <names>',
      `what is tested and adjusted for: ${comparedMetricNames.join(', ')}`,
      listOf(comparedMetric),
    );
  addTableOptions(command)
    .addHelpText(
      'after',
      `
Two runs: McNemar's exact test on the predictions; a paired bootstrap (10,000 resamples, percentile
interval) of every metric, images without a value on either side left out and counted.
More runs: paired by seed, Student's paired t and Wilcoxon's signed ranks (exact; differences of 0 are
left out, tied ones share a rank). Runs that differ in more than paradigm, its settings and seed, or
that were tested on other images, are refused. P-values are two-sided, alone and adjusted by Holm over
the metrics tested, beside the smallest that so few pairs can give at all. Of two runs, accuracy is
always tested.`,
    )
    .action(async (options: CompareOptions, command: Command) => {
      const format = chooseFormat(command, options);
      if (format === 'json' && options.fields !== undefined) {
        throw refuseOption('--fields', format, 'text, md, tex or csv');
      }
      await withSession(command, (session) => compare(session, options, format));
    });
}
