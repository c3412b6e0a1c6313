import type { Command } from 'commander';
import type { Comparison, EpochChoice } from '../../shared/comparison.ts';
import { describePredictions } from '../../shared/statistics/comparisonRows.ts';
import { buildComparisonTable } from '../export/comparisonTable.ts';
import { formatTable } from '../export/tableFormats.ts';
import { finishTask } from '../workbench/longTask.ts';
import { epochChoice, listOf, seed } from './arguments.ts';
import { noteSteps } from './datasetsCommand.ts';
import { withSession, type Session } from './session.ts';

interface CompareOptions {
  runs: string[];
  epoch: EpochChoice;
  bootstrapSeed: number;
}

const describeSide = ({ label, runs }: Comparison['a']): string =>
  `${label}: ${runs.map(({ name, epoch }) => `${name} (epoch ${epoch})`).join(', ')}`;

function print({ output }: Session, comparison: Comparison): void {
  const { a, b, warnings } = comparison;
  const lines = [describeSide(a), describeSide(b)];
  if (comparison.kind === 'examples') {
    lines.push(describePredictions(comparison));
  }
  output.text([...lines, '', formatTable(buildComparisonTable(comparison), 'md')].join('\n'));
  for (const warning of warnings) output.note(`warning: ${warning}`);
}

async function compare(session: Session, options: CompareOptions): Promise<void> {
  const { workbench, output, json } = session;
  const runIds = options.runs.map((name) => workbench.history.runs.resolve(name));
  const { epoch, bootstrapSeed } = options;
  const stream = await workbench.api.statistics.compare({ runIds, epoch, bootstrapSeed }, {});
  const comparison = await finishTask(stream, noteSteps(output));
  if (json) output.json(comparison);
  else print(session, comparison);
}

/** `compare`: runs against each other, with tests. */
export function addCompareCommand(program: Command): void {
  program
    .command('compare')
    .description('test whether runs differ: two on the same examples, or several paired by seed')
    .requiredOption(
      '--runs <list>',
      'two runs, or as many under one configuration as under another with the same seeds',
      listOf(String),
    )
    .option('--epoch <best|last|n>', 'the epoch compared', epochChoice, 'best')
    .option('--bootstrap-seed <n>', 'of the resamples', seed, 1)
    .addHelpText(
      'after',
      `
Two runs: McNemar's exact test on the predictions; a paired bootstrap (10,000 resamples, percentile
interval) of every metric, images without a value on either side left out and counted.
More runs: paired by seed, Student's paired t and Wilcoxon's signed ranks (exact; differences of 0 are
left out, tied ones share a rank). Runs that differ in more than paradigm, its settings and seed, or
that were tested on other images, are refused. P-values are two-sided, alone and adjusted by Holm.`,
    )
    .action(async (options: CompareOptions, command: Command) => {
      await withSession(command, (session) => compare(session, options));
    });
}
