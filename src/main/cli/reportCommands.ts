import type { Command } from 'commander';
import {
  comparedMetricNames,
  type ComparedMetricName,
} from '../../core/metrics/comparedMetrics.ts';
import type { EpochChoice, TableFormat } from '../../core/statistics/comparison.ts';
import { AfterimageError } from '../../core/errors.ts';
import { auditedNames, type AuditedName } from '../../core/trust/audit.ts';
import { trustMeasureNames, type TrustMeasureName } from '../../core/trust/measures.ts';
import { buildAuditTable } from '../export/auditTable.ts';
import { pickFields, type Table } from '../export/table.ts';
import { formatTable } from '../export/tableFormats.ts';
import { buildCostTable, buildPerformanceTable } from '../export/tables.ts';
import { finishTask } from '../platform/longTask.ts';
import { restoreBackup } from '../store/integrity/restore.ts';
import { reportAudits } from '../workbench/auditReports.ts';
import { version } from '../version.ts';
import { addSummary } from './summaryCommand.ts';
import { comparedMetric, epochChoice, listOf, oneOf } from './arguments.ts';
import { noteSteps } from './datasetsCommand.ts';
import { chooseDataDir } from './dataDir.ts';
import { terminalOutput } from './output.ts';
import { withSession, type CommonOptions, type Session } from './session.ts';
import { addTableOptions, chooseFormat, type TableFormatOptions } from './tableOptions.ts';

interface TableOptions extends TableFormatOptions {
  which: '1' | '2' | 'metrics' | 'audit';
  runs: string[];
  epoch: EpochChoice;
  metrics?: ComparedMetricName[];
  measures?: TrustMeasureName[];
  methods?: AuditedName[];
  group: 'none' | 'seeds';
  boldBest?: boolean;
}

function buildPaperTable({ workbench }: Session, which: '1' | '2', runIds: string[]): Table {
  const { runs, splits } = workbench.history;
  const chosen = runIds.map((runId) => runs.get(runId));
  if (which === '1') return buildPerformanceTable(chosen);
  const shapes = chosen.map(({ id }) => {
    const { imageSize = 28, classNames } = splits.getDataset(id) ?? {};
    return { imageSize, classes: classNames?.length ?? 10 };
  });
  return buildCostTable(chosen, shapes);
}

/** What audits say of one run, or of two. */
async function writeAuditTable(
  { workbench, output }: Session,
  options: TableOptions,
  runIds: string[],
  format: TableFormat,
): Promise<string> {
  if (runIds.length > 2) {
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      `${runIds.length} runs are named; a table of audits has one, or two on the same images.`,
      'Name two of them.',
    );
  }
  const { epoch, measures = null, methods = null, fields, layout, venue = null } = options;
  const query = { runIds, epoch, methods, measures, bootstrapSeed: 1 };
  const report = await reportAudits(workbench.history, query, { onProgress: noteSteps(output) });
  for (const warning of report.warnings) output.note(`warning: ${warning}`);
  const table = buildAuditTable(report);
  const shown = fields === undefined ? table : pickFields(table, fields);
  return formatTable(shown, format, { layout, venue, lineLength: output.lineLength });
}

async function writeTable(
  session: Session,
  options: TableOptions,
  format: TableFormat,
): Promise<string> {
  const { workbench, output } = session;
  const { which, epoch, group, metrics = null, boldBest = false } = options;
  const { fields = null, layout, venue = null } = options;
  const { lineLength } = output;
  const runIds = options.runs.map((name) => workbench.history.runs.resolve(name));
  if (which === 'audit') return writeAuditTable(session, options, runIds, format);
  if (which !== 'metrics') {
    const table = buildPaperTable(session, which, runIds);
    const shown = fields === null ? table : pickFields(table, fields);
    return formatTable(shown, format, { layout, venue, lineLength });
  }
  const query = {
    runIds,
    epoch,
    group,
    metrics,
    boldBest,
    format,
    fields,
    layout,
    venue,
    lineLength,
  };
  return finishTask(await workbench.api.statistics.metricTable(query, {}), noteSteps(output));
}

function addTable(program: Command): void {
  const command = program
    .command('table')
    .description("the paper's tables over any runs, and tables of any metrics")
    .requiredOption(
      '--which <name>',
      '1 performance and maps, 2 size and cost, metrics: any metrics, audit: what audits say of one run or two',
      oneOf(['1', '2', 'metrics', 'audit'] as const),
    )
    .requiredOption(
      '--runs <list>',
      'ids, beginnings of them, or names, between commas',
      listOf(String),
    )
    .option('--metrics <names>', comparedMetricNames.join(', '), listOf(comparedMetric))
    .option('--measures <names>', trustMeasureNames.join(', '), listOf(oneOf(trustMeasureNames)))
    .option(
      '--methods <names>',
      'of audits: ways to explain, and image, edges, chance',
      listOf(oneOf(auditedNames)),
    )
    .option(
      '--group <none|seeds>',
      'seeds: a row per configuration: mean ± SD, n, 95% interval (Student’s t)',
      oneOf(['none', 'seeds'] as const),
      'none',
    )
    .option('--epoch <best|last|n>', 'the epoch of metrics', epochChoice, 'best')
    .option('--bold-best', 'the best value of each of the metrics in bold');
  addTableOptions(command)
    .addHelpText(
      'after',
      `
--metrics, --group and --bold-best belong to --which metrics, --measures and --methods to --which audit,
--epoch to both. Decimals follow the
uncertainty, by the Particle Data Group's rule: of the smallest one of a column (standard error over
the test images; over seeds, standard deviation) two digits are kept where its first three are below
355, else one. CSV and JSON hold all digits, and beside every mean of maps the images that it is over.
In LaTeX a table takes the width of its venue's column, or of both where it needs them; one that is too
wide is refused with what to leave out.`,
    )
    .action(async (options: TableOptions, command: Command) => {
      checkTableOptions(command, options);
      const format = chooseFormat(command, options);
      await withSession(command, async (session) => {
        session.output.text(await writeTable(session, options, format));
      });
    });
}

/** Refuses options that the paper's tables would ignore. */
function checkTableOptions(command: Command, { which }: TableOptions): void {
  const taken: Readonly<Record<string, readonly string[]>> = {
    metrics: ['metrics', 'group', 'epoch', 'boldBest'],
    audit: ['measures', 'methods', 'epoch'],
  };
  const ignored = Object.values(taken)
    .flat()
    .filter((name) => taken[which]?.includes(name) !== true)
    .filter((name) => command.getOptionValueSource(name) === 'cli');
  const flag = command.options.find((option) => option.attributeName() === ignored[0])?.long;
  if (flag === undefined) return;
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `${flag} does not belong to table ${which}.`,
    `Leave it out, or use --which ${taken['audit']?.includes(ignored[0] ?? '') === true ? 'audit' : 'metrics'}.`,
  );
}

function addVerify(program: Command): void {
  program
    .command('verify')
    .description('check the history and the data sets')
    .action(async (_: unknown, command: Command) => {
      await withSession(command, async ({ workbench, output, json }) => {
        const stream = await workbench.api.history.verify({}, {});
        const problems = await finishTask(stream, noteSteps(output));
        if (json) output.json({ problems });
        else output.text(problems.join('\n') || 'All is well.');
        if (problems.length === 0) return;
        throw new AfterimageError(
          'CORRUPT_HISTORY',
          `${problems.length} problems found.`,
          'Restore the latest backup, or export the runs that can still be read.',
        );
      });
    });
  program
    .command('backup')
    .description('copy the history to a file, also while runs train; "restore" brings it back')
    .argument('<file>', 'new, or an earlier backup, which it replaces')
    .action(async (file: string, _: unknown, command: Command) => {
      await withSession(command, async ({ workbench, output, json }) => {
        await finishTask(await workbench.api.history.backup({ path: file }, {}), noteSteps(output));
        if (json) output.json({ file });
        else output.text(`history copied to ${file}`);
      });
    });
}

/** Opens no workbench: nobody may have the history open meanwhile. */
function addRestore(program: Command): void {
  program
    .command('restore')
    .description(
      'put a backup in the place of the whole history, which is kept beside it; for runs in the bin there is "runs restore"',
    )
    .argument('<file>', 'what "backup" wrote')
    .action(async (file: string, _: unknown, command: Command) => {
      const options: CommonOptions = command.optsWithGlobals();
      const dataDir = chooseDataDir(options.dataDir);
      const onProgress = noteSteps(terminalOutput);
      const place = { dataDir, appVersion: version };
      const { replaced } = await restoreBackup(file, place, { onProgress });
      if (options.json === true) terminalOutput.json({ file, replaced });
      else {
        const kept = replaced === null ? '' : `; the history from before is kept as ${replaced}`;
        terminalOutput.text(`${file} restored${kept}`);
      }
    });
}

export function addReportCommands(program: Command): void {
  addTable(program);
  addSummary(program);
  addVerify(program);
  addRestore(program);
}
