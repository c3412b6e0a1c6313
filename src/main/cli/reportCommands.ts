import type { Command } from 'commander';
import { AfterimageError } from '../../shared/errors.ts';
import { flopsCounting, paperFlops, summarizePaperCnn } from '../../shared/modelSummary.ts';
import { buildCostTable, buildPerformanceTable, type Table } from '../export/tables.ts';
import { formatTable, tableFormats, type TableFormat } from '../export/tableFormats.ts';
import { finishTask } from '../workbench/longTask.ts';
import { listOf, oneOf, wholeNumber } from './arguments.ts';
import { noteSteps } from './datasetsCommand.ts';
import { withSession, type Session } from './session.ts';

interface TableOptions {
  which: '1' | '2';
  runs: string[];
  format: TableFormat;
}

function buildTable({ workbench }: Session, { which, runs: names }: TableOptions): Table {
  const { runs, splits } = workbench.history;
  const chosen = names.map((name) => runs.get(runs.resolve(name)));
  if (which === '1') return buildPerformanceTable(chosen);
  const shapes = chosen.map(({ id }) => {
    const { imageSize = 28, classNames } = splits.get(id)?.dataset ?? {};
    return { imageSize, classes: classNames?.length ?? 10 };
  });
  return buildCostTable(chosen, shapes);
}

function addTable(program: Command): void {
  program
    .command('table')
    .description("the paper's tables over any runs: 1 performance and maps, 2 size and cost")
    .requiredOption('--which <n>', '1 or 2', oneOf(['1', '2'] as const))
    .requiredOption(
      '--runs <list>',
      'ids, beginnings of them, or names, between commas',
      listOf(String),
    )
    .option('--format <format>', tableFormats.join(', '), oneOf(tableFormats))
    .action(
      async (
        options: Omit<TableOptions, 'format'> & { format?: TableFormat },
        command: Command,
      ) => {
        await withSession(command, (session) => {
          const format = options.format ?? (session.json ? 'json' : 'md');
          const table = buildTable(session, { ...options, format });
          session.output.text(formatTable(table, format));
        });
      },
    );
}

function addSummary(program: Command): void {
  program
    .command('summary')
    .description('size and cost of the network')
    .option('--image-size <n>', 'pixels a side', wholeNumber(8, 1024), 28)
    .option('--classes <n>', 'classes', wholeNumber(2, 256), 10)
    .action((options: { imageSize: number; classes: number }, command: Command) => {
      const summary = summarizePaperCnn(options.imageSize, options.classes);
      const { json }: { json?: boolean } = command.optsWithGlobals();
      if (json === true) {
        process.stdout.write(`${JSON.stringify({ ...summary, paperFlops, flopsCounting })}\n`);
        return;
      }
      const number = (value: number): string => value.toLocaleString('en');
      const rows = summary.layers.map(
        ({ name, output, parameters, macs }) =>
          `${name.padEnd(8)} ${output.join('x').padEnd(10)} ${number(parameters).padStart(9)} ${number(macs).padStart(11)}`,
      );
      const lines = [
        `${'layer'.padEnd(8)} ${'output'.padEnd(10)} ${'parameters'.padStart(9)} ${'MACs'.padStart(11)}`,
        ...rows,
        `parameters ${number(summary.parameters)}, MACs ${number(summary.macs)}, FLOPs ${number(summary.flops)}`,
        flopsCounting,
        `The paper states ${number(paperFlops)} FLOPs at 28x28.`,
      ];
      process.stdout.write(`${lines.join('\n')}\n`);
    });
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
    .description('copy the history to a file, also while runs train')
    .argument('<file>')
    .action(async (file: string, _: unknown, command: Command) => {
      await withSession(command, async ({ workbench, output, json }) => {
        await finishTask(await workbench.api.history.backup({ path: file }, {}), noteSteps(output));
        if (json) output.json({ file });
        else output.text(`history copied to ${file}`);
      });
    });
}

export function addReportCommands(program: Command): void {
  addTable(program);
  addSummary(program);
  addVerify(program);
}
