import { resolve } from 'node:path';
import type { Command } from 'commander';
import { shortenDatasetId } from '../../core/datasetNames.ts';
import { tagLength } from '../../core/tags.ts';
import type { ImportResult } from '../../shared/bundleCalls.ts';
import { importRuns } from '../workbench/importRuns.ts';
import { boundedText, collect, nameLength, noteText } from './arguments.ts';
import { addExport } from './exportCommand.ts';
import { addImportWeights } from './importWeightsCommand.ts';
import { addListing, reportRuns } from './runsList.ts';
import { withSession, type Session } from './session.ts';
import { addSpaceOfRuns } from './spaceCommands.ts';

/** A command on several runs that answers with their new state. */
function addChange(
  parent: Command,
  usage: { name: string; description: string },
  apply: (session: Session, ids: string[]) => unknown,
): void {
  parent
    .command(usage.name)
    .description(usage.description)
    .argument('<run...>', 'id, the beginning of one, or a name')
    .action(async (names: string[], _: unknown, command: Command) => {
      await withSession(command, async (session) => {
        const { runs } = session.workbench.history;
        const ids = names.map((name) => runs.resolve(name));
        await apply(session, ids);
        reportRuns(session, ids);
      });
    });
}

const collectTag = (text: string, earlier: string[]): string[] =>
  collect(boundedText(tagLength)(text), earlier);

function addTags(parent: Command): void {
  parent
    .command('tag')
    .description('add and remove tags')
    .argument('<run>')
    .option('--add <tag>', 'may be given several times', collectTag, [])
    .option('--remove <tag>', 'may be given several times', collect, [])
    .action(
      async (name: string, options: { add: string[]; remove: string[] }, command: Command) => {
        await withSession(command, (session) => {
          const { runs, tags } = session.workbench.history;
          const id = runs.resolve(name);
          tags.change(id, options);
          reportRuns(session, [id]);
        });
      },
    );
}

interface TextCommand {
  verb: string;
  description: string;
  parse: (text: string) => string;
  set: (session: Session, runId: string, text: string) => void;
}

const textCommands: TextCommand[] = [
  {
    verb: 'note',
    description: 'set the note (Markdown); an empty one removes it',
    parse: noteText,
    set: ({ workbench }, runId, text) => {
      workbench.history.runs.setNote(runId, text);
    },
  },
  {
    verb: 'rename',
    description: 'give another name',
    parse: boundedText(nameLength),
    set: ({ workbench }, runId, text) => {
      workbench.history.runs.rename(runId, text);
    },
  },
];

function addTexts(parent: Command): void {
  for (const { verb, description, parse, set } of textCommands) {
    parent
      .command(verb)
      .description(description)
      .argument('<run>')
      .argument('<text>', '', parse)
      .action(async (name: string, text: string, _: unknown, command: Command) => {
        await withSession(command, (session) => {
          const id = session.workbench.history.runs.resolve(name);
          set(session, id, text);
          reportRuns(session, [id]);
        });
      });
  }
}

function describeImport({ imported, skipped, inBin, absent }: ImportResult): string[] {
  return [
    `${imported.length} runs imported, ${skipped.length} were here already`,
    ...(inBin.length === 0
      ? []
      : [
          `${inBin.length} of them lie in the bin; they come back with "runs restore ${inBin.join(' ')}"`,
        ]),
    ...absent.map(
      ({ name, id, source }) =>
        `the images of data set ${name} (${shortenDatasetId(id)}) are not here: import them with "datasets import", or export the runs with --with-data; they came from ${source}`,
    ),
  ];
}

function addImport(parent: Command): void {
  parent
    .command('import')
    .description('read the runs of a bundle')
    .argument('<file>')
    .action(async (file: string, _: unknown, command: Command) => {
      await withSession(command, async ({ workbench, output, json }) => {
        const result = await importRuns(resolve(file), workbench);
        if (json) output.json(result);
        else output.text(describeImport(result).join('\n'));
      });
    });
}

export function addRunsCommand(program: Command): void {
  const runs = program.command('runs').description('browse and tend the history');
  addListing(runs);
  addTags(runs);
  addTexts(runs);
  addChange(runs, { name: 'delete', description: 'put runs into the bin' }, ({ workbench }, ids) =>
    workbench.api.runs.delete({ runIds: ids }, {}),
  );
  addChange(
    runs,
    {
      name: 'restore',
      description: 'take runs out of the bin; a backup of the history comes back with "restore"',
    },
    ({ workbench }, ids) => {
      workbench.history.runs.restore(ids);
    },
  );
  addSpaceOfRuns(runs);
  addExport(runs);
  addImport(runs);
  addImportWeights(runs);
}
