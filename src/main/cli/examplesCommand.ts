import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { EpochChoice, TableFormat } from '../../core/statistics/comparison.ts';
import { dequantizeCamMap, reconstructCam } from '../../core/maps/cam.ts';
import {
  derivedMetricNames,
  exampleMetrics,
  readyMetricNames,
  type ExampleMetricName,
} from '../../core/metrics/exampleMetrics.ts';
import {
  exampleFilterSchema,
  exampleSortSchema,
  type CamFrame,
  type Example,
  type ExampleFilter,
  type ExampleSort,
} from '../../core/records.ts';
import type { Cell } from '../export/table.ts';
import { encodeWeightsFile } from '../export/weightsFile.ts';
import { saveOutput } from '../platform/files.ts';
import type { History } from '../store/history.ts';
import { listFrames, type StoredFrame } from '../store/examples/exampleHistory.ts';
import { epochChoice, epochOrAll, listOf, oneOf, openShare, wholeNumber } from './arguments.ts';
import { withSession, type Session } from './session.ts';
import { addListFormat, formatList, listFormat } from './tableOptions.ts';

interface ExamplesOptions {
  run: string;
  epoch: EpochChoice;
  filter: ExampleFilter[];
  class?: number;
  threshold: number;
  sort: ExampleSort;
  descending?: boolean;
  limit?: number;
  mapMetrics?: boolean;
}

const number = (value: number | null | undefined, decimals: number) =>
  value === null || value === undefined ? null : { value, decimals };

/** Columns of the list: what they show, and how. */
const exampleColumns: { title: string; cell: (example: Example) => Cell }[] = [
  { title: 'example', cell: ({ exampleId }) => number(exampleId, 0) },
  { title: 'epoch', cell: ({ epoch }) => number(epoch, 0) },
  { title: 'label', cell: ({ label }) => number(label, 0) },
  { title: 'predicted', cell: ({ predictedClass }) => number(predictedClass, 0) },
];

/** What an example's own metrics are printed as. */
const metricColumns = (names: readonly ExampleMetricName[]): typeof exampleColumns =>
  names.map((name) => ({
    title: exampleMetrics[name].heading,
    cell: (example) => number(example[name], exampleMetrics[name].decimals),
  }));

/** A choice as the store takes it: null for the best epoch, or the last where there is no best one. */
function storedEpoch(history: History, runId: string, choice: EpochChoice): number | null {
  if (choice === 'best') return null;
  return choice === 'last' ? (history.runs.getSummary(runId).last?.epoch ?? null) : choice;
}

async function listExamples(
  session: Session,
  options: ExamplesOptions,
  format: TableFormat,
): Promise<void> {
  const { history, api } = session.workbench;
  const runId = history.runs.resolve(options.run);
  const query = {
    runId,
    epoch: storedEpoch(history, runId, options.epoch),
    filters: options.filter,
    label: options.class ?? null,
    predictedClass: null,
    threshold: options.threshold,
    sort: options.sort,
    descending: options.descending === true,
    limit: options.limit ?? null,
    mapMetrics: options.mapMetrics === true,
  };
  const examples = await api.examples.list(query, {});
  if (session.json) {
    session.output.json({ examples });
    return;
  }
  const derived = derivedMetricNames.filter((name) =>
    examples.some((example) => example[name] !== undefined),
  );
  const columns = [...exampleColumns, ...metricColumns([...readyMetricNames, ...derived])];
  const table = {
    caption: `${examples.length} images`,
    label: 'examples',
    columns: columns.map(({ title }) => ({ key: title, title, unit: '' })),
    rows: examples.map((example) => columns.map(({ cell }) => cell(example))),
  };
  session.output.text(formatList(table, session.output, format));
}

const toRows = (values: Float32Array, size: number): number[][] =>
  Array.from({ length: size }, (_, y) => [...values.subarray(y * size, (y + 1) * size)]);

/** A stored map as numbers, native and at the image's size. */
function buildFrame(stored: StoredFrame, imageSize: number): CamFrame {
  const { levels, scale, mapSize, epoch, targetClass, confidence, predictedClass } = stored;
  const map = dequantizeCamMap(levels, scale);
  const cam = reconstructCam(map, mapSize, imageSize);
  return {
    epoch,
    targetClass,
    map: toRows(map, mapSize),
    cam: toRows(cam, imageSize),
    confidence,
    predictedClass,
  };
}

interface CamOptions {
  run: string;
  example: number;
  epoch: EpochChoice | 'all';
  class: 'predicted' | 'label';
}

function showCam({ workbench, output, json }: Session, options: CamOptions): void {
  const { history, datasets } = workbench;
  const runId = history.runs.resolve(options.run);
  const epoch = options.epoch === 'all' ? 'all' : storedEpoch(history, runId, options.epoch);
  const stored = history.examples.getHistory(runId, options.example, epoch);
  const { imageSize } = datasets.recordOf(runId);
  const frames = listFrames(stored, options.class).map((frame) => buildFrame(frame, imageSize));
  if (json) {
    output.json({ frames });
    return;
  }
  const shades = ' .:-=+*#%@';
  for (const { epoch, targetClass, predictedClass, confidence, cam } of frames) {
    const shade = (value: number): string =>
      (shades[Math.min(9, Math.floor(value * 10))] ?? ' ').repeat(2);
    output.text(
      `epoch ${epoch}: map of class ${targetClass}; predicted ${predictedClass}, confidence ${confidence.toFixed(4)}`,
    );
    output.text(cam.map((row) => row.map(shade).join('')).join('\n'));
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
  if (json) output.json({ runId, epoch, file });
  else output.text(`weights after epoch ${epoch} written to ${options.out}`);
}

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
    .option('--class <k>', 'only images with this label', wholeNumber(0))
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
    .command('cam')
    .description('the class activation map of one test image')
    .requiredOption('--run <run>', 'id, the beginning of one, or a name')
    .requiredOption('--example <k>', 'exampleId', wholeNumber(0))
    .option('--epoch <best|last|n|all>', 'whose map', epochOrAll, 'best')
    .option(
      '--class <target>',
      'predicted or label',
      oneOf(['predicted', 'label'] as const),
      'predicted',
    )
    .action(async (options: CamOptions, command: Command) => {
      await withSession(command, (session) => showCam(session, options));
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
