import { resolve } from 'node:path';
import type { Command } from 'commander';
import { invalidArgument } from '../../core/errors.ts';
import {
  formatOf,
  runFormatNames,
  usualFormat,
  type ExportChoice,
  type ExportedEpochs,
  type RunFormatName,
} from '../../shared/exportCalls.ts';
import { exportRuns } from '../workbench/exportRuns.ts';
import { epochList, oneOf } from './arguments.ts';
import { noteSteps } from './datasetsCommand.ts';
import { withSession } from './session.ts';

interface ExportFlags {
  format: RunFormatName;
  out: string;
  epoch: ExportedEpochs;
  resized?: boolean;
  withData?: boolean;
}

/** How each option that not every format takes is called. */
const flags: Readonly<Record<ExportChoice, string>> = {
  epoch: '--epoch',
  resized: '--resized',
  withData: '--with-data',
};

/** Throws INVALID_ARGUMENT where the format cannot hold so many runs or ignores an option. */
function checkFormat(command: Command, { format }: ExportFlags, runs: number): void {
  if (formatOf(format).isOfOneRun && runs > 1) {
    throw invalidArgument(
      `${format} holds one run, not ${runs}.`,
      'Export them one after the other.',
    );
  }
  for (const [choice, flag] of Object.entries(flags)) {
    const takes = (name: RunFormatName): boolean =>
      formatOf(name).takes.includes(choice as ExportChoice);
    if (command.getOptionValueSource(choice) !== 'cli' || takes(format)) continue;
    throw invalidArgument(
      `${flag} does not belong to the format ${format}.`,
      `Leave it out; it belongs to ${runFormatNames.filter(takes).join(', ')}.`,
    );
  }
}

const listFormats = (): string =>
  runFormatNames
    .map((name) => {
      const { description, isOfOneRun, takes } = formatOf(name);
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
    .option('--format <name>', runFormatNames.join(', '), oneOf(runFormatNames), usualFormat)
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
      checkFormat(command, options, names.length);
      const { format, out, epoch, resized = false, withData = false } = options;
      await withSession(command, async ({ workbench, output, json }) => {
        const runIds = names.map((name) => workbench.history.runs.resolve(name));
        const choices = { format, epochs: epoch, resized, withData, out: resolve(out) };
        const files = await exportRuns({ runIds, ...choices }, workbench, noteSteps(output));
        if (json) output.json({ exported: runIds, format, file: out, files });
        else output.text(`${runIds.length} runs written to ${out}`);
      });
    });
}
