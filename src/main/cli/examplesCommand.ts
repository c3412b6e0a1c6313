import { resolve } from 'node:path';
import type { Command } from 'commander';
import { findClass, nameClass } from '../../core/classNames.ts';
import type { EpochChoice, TableFormat } from '../../core/statistics/comparison.ts';
import {
  derivedMetricNames,
  exampleMetrics,
  readyMetricNames,
  type ExampleMetricName,
} from '../../core/metrics/exampleMetrics.ts';
import {
  exampleFilterSchema,
  exampleSortSchema,
  type Example,
  type ExampleFilter,
  type ExampleSort,
  type NamedExample,
} from '../../core/records.ts';
import { tagLength } from '../../core/tags.ts';
import type { Cell } from '../export/table.ts';
import { checksumWeights, encodeWeightsFile } from '../export/weightsFile.ts';
import { saveOutput } from '../platform/files.ts';
import {
  boundedText,
  epochChoice,
  listOf,
  noteText,
  oneOf,
  openShare,
  wholeNumber,
} from './arguments.ts';
import { storedEpoch } from '../workbench/storedEpoch.ts';
import { withSession, type Session } from './session.ts';
import { addListFormat, formatList, listFormat } from './tableOptions.ts';

interface ExamplesOptions {
  run: string;
  epoch: EpochChoice;
  filter: ExampleFilter[];
  class?: string;
  threshold: number;
  sort: ExampleSort;
  descending?: boolean;
  limit?: number;
  mapMetrics?: boolean;
  tag?: string;
}

const number = (value: number | null | undefined, decimals: number) =>
  value === null || value === undefined ? null : { value, decimals };

/** Columns of the list: what they show, and how. */
const exampleColumns: { title: string; cell: (example: NamedExample) => Cell }[] = [
  { title: 'example', cell: ({ exampleId }) => number(exampleId, 0) },
  { title: 'epoch', cell: ({ epoch }) => number(epoch, 0) },
  { title: 'label', cell: ({ labelName }) => ({ text: labelName }) },
  { title: 'predicted', cell: ({ predictedName }) => ({ text: predictedName }) },
];

/** What an example's own metrics are printed as. */
const metricColumns = (names: readonly ExampleMetricName[]): typeof exampleColumns =>
  names.map((name) => ({
    title: exampleMetrics[name].heading,
    cell: (example) => number(example[name], exampleMetrics[name].decimals),
  }));

const isMarked = ({ tags, note }: Example): boolean => tags !== undefined || note !== undefined;
const markColumns: typeof exampleColumns = [
  { title: 'tags', cell: ({ tags = [] }) => ({ text: tags.join(', ') }) },
  { title: 'note', cell: ({ note = '' }) => ({ text: note }) },
];

const nameExample = (example: Example, classNames: readonly string[]): NamedExample => ({
  ...example,
  labelName: nameClass(classNames, example.label),
  predictedName: nameClass(classNames, example.predictedClass),
});

async function listExamples(
  session: Session,
  options: ExamplesOptions,
  format: TableFormat,
): Promise<void> {
  const { history, datasets, api } = session.workbench;
  const runId = history.runs.resolve(options.run);
  const findLabel = (className: string): number => {
    const { classNames, name } = datasets.recordOf(runId);
    return findClass(className, classNames, name);
  };
  const query = {
    runId,
    epoch: storedEpoch(history, runId, options.epoch),
    filters: options.filter,
    label: options.class === undefined ? null : findLabel(options.class),
    predictedClass: null,
    threshold: options.threshold,
    sort: options.sort,
    descending: options.descending === true,
    limit: options.limit ?? null,
    mapMetrics: options.mapMetrics === true,
    ...(options.tag !== undefined && { tag: options.tag }),
  };
  const found = await api.examples.list(query, {});
  const { classNames } = datasets.recordOf(runId);
  const examples = found.map((example) => nameExample(example, classNames));
  if (session.json) {
    session.output.json({ examples });
    return;
  }
  const derived = derivedMetricNames.filter((name) =>
    examples.some((example) => example[name] !== undefined),
  );
  const columns = [
    ...exampleColumns,
    ...metricColumns([...readyMetricNames, ...derived]),
    ...(examples.some(isMarked) ? markColumns : []),
  ];
  const table = {
    caption: `${examples.length} images`,
    label: 'examples',
    columns: columns.map(({ title }) => ({ key: title, title, unit: '' })),
    rows: examples.map((example) => columns.map(({ cell }) => cell(example))),
  };
  session.output.text(formatList(table, session.output, format));
}

interface MarkOptions {
  run: string;
  example: number;
  tags?: string[];
  note?: string;
}

/** Sets what is given and keeps the rest; prints what is said of the image then. */
async function markExample(session: Session, options: MarkOptions): Promise<void> {
  const { history, api } = session.workbench;
  const runId = history.runs.resolve(options.run);
  const { exampleId } = history.examples.getHistory(runId, options.example, null);
  const { datasetId } = history.runs.getSummary(runId);
  if (datasetId === null) return;
  const known = history.exampleMarks.list(datasetId).find((mark) => mark.exampleId === exampleId);
  const { tags, note } = options;
  const remove = tags === undefined ? [] : (known?.tags ?? []);
  const mark = await api.examples.mark({ datasetId, exampleId, note, add: tags ?? [], remove }, {});
  if (session.json) session.output.json(mark);
  else {
    const said = mark.tags.length === 0 ? 'no tags' : `tags ${mark.tags.join(', ')}`;
    session.output.text(`test image ${exampleId}: ${said}${mark.note && `; ${mark.note}`}`);
  }
}

interface WeightsOptions {
  run: string;
  epoch: EpochChoice;
  out: string;
}

async function writeWeights(
  { workbench, output, json }: Session,
  options: WeightsOptions,
): Promise<void> {
  const { history, datasets } = workbench;
  const runId = history.runs.resolve(options.run);
  const { epoch, weights } = history.weights.get(runId, storedEpoch(history, runId, options.epoch));
  const file = resolve(options.out);
  const run = history.runs.get(runId);
  await saveOutput(file, encodeWeightsFile(weights, run, datasets.recordOf(runId)));
  const sha256 = checksumWeights(weights);
  if (json) output.json({ runId, epoch, file, sha256 });
  else {
    output.text(`weights after epoch ${epoch} written to ${options.out}`);
    output.text(`SHA-256 of their numbers: ${sha256}`);
  }
}

const listOfTags = (text: string): string[] =>
  text
    .split(',')
    .filter((tag) => tag.trim() !== '')
    .map(boundedText(tagLength));

export function addExampleCommands(program: Command): void {
  const listing = program
    .command('examples')
    .description('test images by how they were predicted')
    .requiredOption('--run <run>', 'id, the beginning of one, or a name')
    .option('--epoch <best|last|n>', 'whose predictions', epochChoice, 'best')
    .option(
      '--filter <names>',
      `${exampleFilterSchema.options.join(', ')}; several intersect`,
      listOf(oneOf(exampleFilterSchema.options)),
      ['all'],
    )
    .option('--tag <name>', 'only images with this tag, see mark')
    .option('--class <name>', 'only images of the class that is called so')
    .option('--threshold <share>', 'confidence below which a prediction is unsure', openShare, 0.6)
    .option(
      '--sort <by>',
      exampleSortSchema.options.join(', '),
      oneOf(exampleSortSchema.options),
      'exampleId',
    )
    .option('--descending')
    .option('--limit <n>', 'at most so many', wholeNumber(1))
    .option(
      '--map-metrics',
      `compute ${derivedMetricNames.join(', ')} from the stored maps as well`,
    );
  addListFormat(listing).action(async (options: ExamplesOptions, command: Command) => {
    const format = listFormat(command);
    await withSession(command, (session) => listExamples(session, options, format));
  });
  program
    .command('mark')
    .description('tags and a note for a test image, which every run on it shows')
    .requiredOption(
      '--run <run>',
      'a run that evaluated the image: id, the beginning of one, or a name',
    )
    .requiredOption('--example <n>', 'the image’s number', wholeNumber(0))
    .option('--tags <names>', 'in place of those it has; "" for none', listOfTags)
    .option('--note <text>', 'in place of the one it has; "" for none', noteText)
    .action(async (options: MarkOptions, command: Command) => {
      await withSession(command, (session) => markExample(session, options));
    });
  program
    .command('weights')
    .description(
      'the weights after an epoch as a safetensors file, whose metadata say how to use them',
    )
    .requiredOption('--run <run>', 'id, the beginning of one, or a name')
    .option('--epoch <best|last|n>', 'after which they were such', epochChoice, 'best')
    .requiredOption('--out <file>')
    .action(async (options: WeightsOptions, command: Command) => {
      await withSession(command, (session) => writeWeights(session, options));
    });
}
