import type { Command } from 'commander';
import type { LongTaskProgress } from '../../shared/longTask.ts';
import { findClass } from '../../core/classNames.ts';
import { AfterimageError } from '../../core/errors.ts';
import { describeChannelValues, type Channels } from '../../core/pixels.ts';
import type { DatasetRecord } from '../../core/records.ts';
import { builtinNames } from '../datasets/builtin.ts';
import { imageSizes } from '../datasets/imageChoices.ts';
import { publishedSets } from '../datasets/published.ts';
import { importFormats, type ImportFormat } from '../datasets/sourceReader.ts';
import { loadSourceFile, sizeOf } from '../platform/files.ts';
import { finishTask } from '../platform/longTask.ts';
import { collect, oneOf, wholeNumber } from './arguments.ts';
import type { Output } from './output.ts';
import { withSession, type Session } from './session.ts';

const total = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);

/** The first of many names: a line is enough. */
const shortenNames = (names: readonly string[]): string =>
  names.length > 12 ? `${names.slice(0, 10).join(', ')}, .., ${names.at(-1)}` : names.join(', ');

const describe = (record: DatasetRecord): string =>
  `${record.name}: ${total(record.trainCounts)} training and ${total(record.testCounts)} test images of ${record.imageSize}x${record.imageSize} ${record.channels === 3 ? 'colour' : 'grey'} pixels, ${record.classNames.length} classes (${shortenNames(record.classNames)})${record.masks ? ', a mask for each image' : ''}, mean ${describeChannelValues(record.mean, 4)}, standard deviation ${describeChannelValues(record.standardDeviation, 4)}\n  from ${record.source}\n  ${record.id}`;

/** Notes each new step once; a bar would say little, imports take seconds. */
export function noteSteps({ note, interactive }: Output): (progress: LongTaskProgress) => void {
  let last = '';
  return ({ step }) => {
    if (!interactive || step === last) return;
    last = step;
    note(step);
  };
}

async function finish(
  session: Session,
  stream: AsyncIterator<LongTaskProgress, DatasetRecord>,
): Promise<void> {
  show(session, await finishTask(stream, noteSteps(session.output)));
}

function show({ json, output }: Session, record: DatasetRecord): void {
  if (json) output.json(record);
  else output.text(describe(record));
}

const classNamesHelp =
  'what its classes are called, in their order: a,b,c or a file with a name on each line';

interface ImageOptions {
  resize?: number;
  channels?: Channels;
}

interface ImportOptions extends ImageOptions {
  format: ImportFormat;
  name: string;
  classNames?: string;
}

const channels = (text: string): Channels => (oneOf(['1', '3'])(text) === '1' ? 1 : 3);

/** What becomes of images on the way in. */
const addImageOptions = (command: Command): Command =>
  command
    .option(
      '--resize <pixels>',
      `scale images to so many pixels a side, ${imageSizes.least} to ${imageSizes.most}; of one that is not square the middle is taken`,
      wholeNumber(imageSizes.least, imageSizes.most),
    )
    .option(
      '--channels <count>',
      '1 makes grey of colours (luminance), 3 colours of grey',
      channels,
    );

/** Names to fetch; MedMNIST's once, as each is there in four sizes. */
const describeFetchable = (): string =>
  `${[...builtinNames, ...publishedSets.keys()].filter((name) => !name.includes('_')).join(', ')}; of MedMNIST's also with _64, _128 or _224 behind it`;

/** Most bytes of a file of class names: 256 of them, long ones in any script. */
const mostNameBytes = 2 ** 20;

/** Names between commas, or the lines of the file that the text names. */
async function readClassNames(text: string): Promise<string[]> {
  if (text.includes(',') || (await sizeOf(text)) === null) return text.split(',');
  const bytes = await loadSourceFile(text, mostNameBytes);
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  return lines.filter((line) => line.trim() !== '');
}

/** All names, or those that are known with some changed; INVALID_ARGUMENT for both or neither. */
async function chooseNames(
  names: string | undefined,
  changes: readonly string[],
  { name: dataset, classNames }: DatasetRecord,
): Promise<string[]> {
  if ((names === undefined) !== changes.length > 0) {
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      'What the classes are to be called is not said, or twice.',
      'Give all names, or --change old=new for each that changes.',
    );
  }
  if (names !== undefined) return readClassNames(names);
  const wanted = [...classNames];
  for (const change of changes) {
    const [before = '', ...after] = change.split('=');
    wanted[findClass(before, classNames, dataset)] = after.join('=');
  }
  return wanted;
}

export function addDatasetsCommand(program: Command): void {
  const datasets = program.command('datasets').description('the library of data sets');
  datasets
    .command('list')
    .description('what is stored; mnist and fashion-mnist come on first use')
    .action(async (_: unknown, command: Command) => {
      await withSession(command, ({ workbench, output, json }) => {
        const records = workbench.history.datasets.list();
        if (json) output.json({ datasets: records });
        else
          output.text(
            records.map(describe).join('\n') ||
              `None yet; ${builtinNames.join(' and ')} are fetched on first use.`,
          );
      });
    });
  datasets
    .command('show')
    .description('one of them, by its name or id')
    .argument('<name>')
    .action(async (name: string, _: unknown, command: Command) => {
      await withSession(command, (session) => {
        show(session, session.workbench.library.get(name));
      });
    });
  addImageOptions(datasets.command('import'))
    .description('read a data set from files and store it')
    .requiredOption('--format <format>', importFormats.join(', '), oneOf(importFormats))
    .argument(
      '<path>',
      'a folder of IDX files, an NPZ file, a folder of images, or CIFAR-10 as a folder or .tar.gz',
    )
    .requiredOption('--name <name>')
    .option('--class-names <names>', classNamesHelp)
    .action(async (path: string, options: ImportOptions, command: Command) => {
      await withSession(command, async (session) => {
        const { format, name, resize = null, channels = null } = options;
        const classNames =
          options.classNames === undefined ? undefined : await readClassNames(options.classNames);
        const { datasets } = session.workbench.api;
        const request = { format, name, path, classNames, resize, channels };
        await finish(session, await datasets.import(request, {}));
      });
    });
  addImageOptions(datasets.command('fetch'))
    .description('download a data set from where its makers publish it, and check it')
    .argument('<name>', describeFetchable())
    .action(async (name: string, options: ImageOptions, command: Command) => {
      await withSession(command, async (session) => {
        const { resize = null, channels = null } = options;
        const request = { name, resize, channels };
        await finish(session, await session.workbench.api.datasets.fetch(request, {}));
      });
    });
  addChangeCommands(datasets);
}

function addChangeCommands(datasets: Command): void {
  datasets
    .command('rename')
    .description('call a data set otherwise; runs know theirs by its content')
    .argument('<name>')
    .argument('<new-name>')
    .action(async (name: string, newName: string, _: unknown, command: Command) => {
      await withSession(command, async (session) => {
        show(session, await session.workbench.library.rename(name, newName));
      });
    });
  datasets
    .command('rename-classes')
    .description(
      'call its classes otherwise, in their order; its content and runs stay as they are',
    )
    .argument('<name>')
    .argument('[class-names]', classNamesHelp)
    .option('--change <old=new>', 'one class alone; may be given several times', collect, [])
    .action(
      async (
        name: string,
        names: string | undefined,
        { change }: { change: string[] },
        command: Command,
      ) => {
        await withSession(command, async (session) => {
          const { history, library } = session.workbench;
          const record = history.datasets.get(name);
          // Where there is no such set, that is what is said.
          const wanted = record === null ? [] : await chooseNames(names, change, record);
          show(session, await library.renameClasses(name, wanted));
        });
      },
    );
  datasets
    .command('remove')
    .description('remove the images of a data set')
    .argument('<name>')
    .option('--even-if-used', 'also where runs were trained on it: their numbers and maps stay')
    .action(async (name: string, options: { evenIfUsed?: boolean }, command: Command) => {
      await withSession(command, async (session) => {
        const { library } = session.workbench;
        const { record, runs } = await library.remove(name, options.evenIfUsed === true);
        if (session.json) session.output.json({ removed: record.id, runs });
        else session.output.text(describeRemoval(record, runs));
      });
    });
}

function describeRemoval({ name, source }: DatasetRecord, runs: number): string {
  const left =
    runs === 0
      ? ''
      : ` ${runs === 1 ? 'The run trained on it keeps its' : `The ${runs} runs trained on it keep their`} numbers and maps; the images came from ${source}.`;
  return `Data set ${name} is removed.${left}`;
}
