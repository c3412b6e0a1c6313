import { resolve } from 'node:path';
import type { Command } from 'commander';
import { invalidArgument } from '../../core/errors.ts';
import type { EpochChoice } from '../../core/statistics/comparison.ts';
import type {
  ExportChoice,
  ExportedRun,
  ExportSource,
  RunFormat,
} from '../export/formats/format.ts';
import { runFormats } from '../export/formats/registry.ts';
import type { Workbench } from '../workbench.ts';
import { epochList, oneOf } from './arguments.ts';
import { storedEpoch } from './storedEpoch.ts';
import { withSession, type Session } from './session.ts';

interface ExportFlags {
  format: string;
  out: string;
  epoch: EpochChoice[] | 'all';
  resized?: boolean;
  withData?: boolean;
}

/** How each option that not every format takes is called. */
const flags: Readonly<Record<ExportChoice, string>> = {
  epoch: '--epoch',
  resized: '--resized',
  withData: '--with-data',
};

const formatNames = runFormats.map(({ name }) => name);
const [{ name: usualFormat }] = runFormats as [RunFormat];

/** The format that was chosen; INVALID_ARGUMENT where it cannot hold so many runs or ignores an option. */
function chooseFormat(command: Command, { format: name }: ExportFlags, runs: number): RunFormat {
  const format = runFormats.find((one) => one.name === name) as RunFormat;
  if (format.isOfOneRun && runs > 1) {
    throw invalidArgument(
      `${name} holds one run, not ${runs}.`,
      'Export them one after the other.',
    );
  }
  for (const [choice, flag] of Object.entries(flags)) {
    const isGiven = command.getOptionValueSource(choice) === 'cli';
    if (!isGiven || format.takes.includes(choice as ExportChoice)) continue;
    const others = runFormats.filter(({ takes }) => takes.includes(choice as ExportChoice));
    throw invalidArgument(
      `${flag} does not belong to the format ${name}.`,
      `Leave it out; it belongs to ${others.map((other) => other.name).join(', ')}.`,
    );
  }
  return format;
}

/** Stored epochs that were chosen, ascending, each once. */
function listEpochs({ history }: Workbench, runId: string, choice: ExportFlags['epoch']): number[] {
  if (choice === 'all') return history.epochs.list(runId).map(({ epoch }) => epoch);
  const chosen = choice.map(
    (one) => history.epochs.get(runId, storedEpoch(history, runId, one)).epoch,
  );
  return [...new Set(chosen)].sort((a, b) => a - b);
}

function openRun(workbench: Workbench, runId: string, choice: ExportFlags['epoch']): ExportedRun {
  const { history, datasets } = workbench;
  // Says of a run that has not begun that it has no data set yet.
  const dataset = datasets.recordOf(runId);
  const { split = { train: none, validation: none, test: none } } = history.splits.get(runId) ?? {};
  return {
    ...{ run: history.runs.get(runId), dataset, split },
    marks: history.exampleMarks.list(dataset.id),
    epochs: listEpochs(workbench, runId, choice),
    loadImages: () => datasets.load(runId),
    readExamples: (epoch) => history.examples.getEpoch(runId, epoch),
    readWeights: (epoch) => history.weights.get(runId, epoch).weights,
  };
}

const none = new Uint32Array(0);

function openSource(
  { workbench }: Session,
  ids: readonly string[],
  { epoch, withData }: ExportFlags,
): ExportSource {
  const { history, library } = workbench;
  return {
    openRuns: () => ids.map((id) => openRun(workbench, id, epoch)),
    writeBundle: (path) =>
      history.exportBundle(ids, path, { datasets: withData === true ? library : undefined }),
  };
}

async function exportRuns(
  session: Session,
  names: readonly string[],
  options: ExportFlags,
  format: RunFormat,
): Promise<void> {
  const { workbench, output, json } = session;
  const ids = names.map((name) => workbench.history.runs.resolve(name));
  const source = openSource(session, ids, options);
  const { out, resized = false } = options;
  const files = await format.write(source, { out: resolve(out), resized });
  if (json) output.json({ exported: ids, format: format.name, file: out, files });
  else output.text(`${ids.length} runs written to ${out}`);
}

const listFormats = (): string =>
  runFormats
    .map(({ name, description, takes, isOfOneRun }) => {
      const notes = [isOfOneRun ? 'of one run' : '', ...takes.map((choice) => flags[choice])];
      const noted = notes.filter((note) => note !== '').join(', ');
      return `  ${name.padEnd(12)} ${description}${noted === '' ? '' : ` (${noted})`}`;
    })
    .join('\n');

export function addExport(parent: Command): void {
  parent
    .command('export')
    .description('write runs for another Afterimage, or for other programs')
    .argument('<run...>', 'id, the beginning of one, or a name')
    .requiredOption('--out <path>', 'a file or folder, as the format says')
    .option('--format <name>', formatNames.join(', '), oneOf(formatNames), usualFormat)
    .option(
      '--epoch <best|last|n|all>',
      'whose predictions, maps or weights; several between commas',
      epochList,
      ['best'],
    )
    .option('--resized', 'maps also at the image’s size, as they are drawn')
    .option('--with-data', 'and the images of their data sets')
    .addHelpText('after', `\nFormats:\n${listFormats()}\n\nWhat is in them: docs/formats.md.`)
    .action(async (names: string[], options: ExportFlags, command: Command) => {
      const format = chooseFormat(command, options, names.length);
      await withSession(command, (session) => exportRuns(session, names, options, format));
    });
}
