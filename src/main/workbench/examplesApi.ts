import { AfterimageError } from '../../core/errors.ts';
import {
  byName,
  isDerived,
  recordedMetricNames,
  type RecordedMetricName,
} from '../../core/metrics/exampleMetrics.ts';
import { channelsOf } from '../../core/explainers/concepts.ts';
import { readOptions } from '../../core/explainers/options.ts';
import type { LayerGradientMethod } from '../../core/explainers/registry.ts';
import { encodeSafetensors, type NamedTensor } from '../../core/formats/safetensors.ts';
import type { Likeness } from '../../core/explainers/explanation.ts';
import { imageAt, shapeOfImages } from '../../core/pixels.ts';
import { streamTask, type LongTaskOptions } from '../platform/longTask.ts';
import type { WorkbenchApi } from '../router.ts';
import type { Example, ExampleQuery } from '../../core/records.ts';
import type { WorkbenchEvent } from '../../shared/events.ts';
import { selectExamples } from '../store/examples/exampleSelection.ts';
import type { History } from '../store/history.ts';
import { startClassMaps } from './classMaps.ts';
import { selectImages, toBlob } from './datasetsApi.ts';
import type { DerivedMetrics } from './derivedMetrics.ts';
import type { Concepts } from './concepts.ts';
import type { Explanations } from './explanations.ts';
import { gatherImage } from './explainedImage.ts';
import type { RunDatasets } from './runDatasets.ts';

type Tensors = Record<string, NamedTensor>;

const vector = (values: NamedTensor['values']): NamedTensor => ({ shape: [values.length], values });

/** By the metrics' own names. */
const packMeasures = (measures: Record<RecordedMetricName, Float32Array>): Tensors =>
  byName(recordedMetricNames, (name) => vector(measures[name]));

/** What is known of a run's data, be its images here or not. */
function describeData(datasets: RunDatasets, runId: string): Record<string, string> {
  const { classNames, imageSize, channels } = datasets.recordOf(runId);
  return {
    classNames: JSON.stringify(classNames),
    imageSize: String(imageSize),
    channels: String(channels),
  };
}

interface EpochQuery {
  runId: string;
  epoch: number;
}

function packEpoch(history: History, datasets: RunDatasets, query: EpochQuery): Uint8Array {
  const { runId, epoch } = query;
  const stored = history.examples.getEpoch(runId, epoch);
  const count = stored.exampleIds.length;
  const { classes, mapSize } = stored;
  const tensors: Tensors = {
    exampleIds: vector(stored.exampleIds),
    labels: vector(stored.labels),
    predictedClasses: vector(stored.predictedClasses),
    probabilities: { shape: [count, classes], values: stored.probabilities },
    ...packMeasures(stored.measures),
    maskArea: vector(stored.maskArea),
    camLevels: { shape: [count, mapSize, mapSize], values: stored.camLevels },
    camScales: vector(stored.camScales),
  };
  return encodeSafetensors({ tensors, metadata: describeData(datasets, runId) });
}

interface OneExample {
  runId: string;
  exampleId: number;
}

/** A run's image, or in place of it why it cannot be had: the maps are shown all the same. */
async function packImage(
  datasets: RunDatasets,
  { runId, exampleId }: OneExample,
): Promise<{ tensors: Tensors; metadata: Record<string, string> }> {
  try {
    const content = await datasets.load(runId);
    const { images, masks } = selectImages(content, 'test', [exampleId]);
    const image = { shape: shapeOfImages(1, content).slice(1), values: images };
    const { imageSize } = content;
    const mask = masks && { mask: { shape: [imageSize, imageSize], values: masks } };
    return { tensors: { image, ...mask }, metadata: {} };
  } catch (error) {
    if (!(error instanceof AfterimageError)) throw error;
    const { code, message, remedy } = error;
    return { tensors: {}, metadata: { imageProblem: JSON.stringify({ code, message, remedy }) } };
  }
}

async function packHistory(
  history: History,
  datasets: RunDatasets,
  example: OneExample,
): Promise<Uint8Array> {
  const { runId, exampleId } = example;
  const stored = history.examples.getHistory(runId, exampleId);
  const image = await packImage(datasets, example);
  const epochs = stored.epochs.length;
  const { classes, mapSize } = stored;
  const maps = (values: Uint8Array): NamedTensor => ({ shape: [epochs, mapSize, mapSize], values });
  const tensors: Tensors = {
    epochs: vector(stored.epochs),
    label: vector(Uint8Array.of(stored.label)),
    probabilities: { shape: [epochs, classes], values: stored.probabilities },
    ...packMeasures(stored.measures),
    predictedLevels: maps(stored.predictedLevels),
    predictedScales: vector(stored.predictedScales),
    labelLevels: maps(stored.labelLevels),
    labelScales: vector(stored.labelScales),
    ...image.tensors,
  };
  const metadata = { ...describeData(datasets, runId), ...image.metadata };
  return encodeSafetensors({ tensors, metadata });
}

/** Examples with what people say of their images; of a tag only those that have it. */
async function listMarked(
  history: History,
  derivedMetrics: DerivedMetrics,
  { tag, ...query }: ExampleQuery,
  signal?: AbortSignal,
): Promise<Example[]> {
  const { datasetId } = history.runs.getSummary(query.runId);
  const marks = new Map(
    history.exampleMarks.list(datasetId ?? '').map((mark) => [mark.exampleId, mark]),
  );
  const wanted = tag === undefined ? query : { ...query, limit: null };
  const found = (await listExamples(history, derivedMetrics, wanted, signal)).map(
    (example): Example => ({ ...example, ...marks.get(example.exampleId) }),
  );
  if (tag === undefined) return found;
  const tagged = found.filter((example) => example.tags?.includes(tag));
  return query.limit === null ? tagged : tagged.slice(0, query.limit);
}

/** Examples with what is computed from their maps, where the query asks for it or sorts by it. */
async function listExamples(
  history: History,
  derivedMetrics: DerivedMetrics,
  query: ExampleQuery,
  signal?: AbortSignal,
) {
  const { runId, epoch, sort } = query;
  if (query.mapMetrics !== true && !isDerived(sort)) {
    return history.examples.list(query);
  }
  const stored = history.examples.getEpoch(runId, epoch);
  const columns = await derivedMetrics.compute(runId, stored, signal ? { signal } : {});
  return selectExamples(stored, query, columns);
}

async function packClassMaps(
  history: History,
  datasets: RunDatasets,
  { runId, exampleId, method }: OneExample & { method: LayerGradientMethod },
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  // Refuses an image that the run has not evaluated.
  const { epochs } = history.examples.getHistory(runId, exampleId);
  const { explained } = await gatherImage(history, datasets, { runId, exampleId });
  const weights = Array.from(epochs, (epoch) => history.weights.get(runId, epoch).weights);
  const request = { ...explained, method, weights };
  const { mapSize, levels, scales } = await startClassMaps(request, signal);
  const shape = [request.classes, epochs.length];
  const tensors: Tensors = {
    levels: { shape: [...shape, mapSize, mapSize], values: levels },
    scales: { shape, values: scales },
  };
  return encodeSafetensors({ tensors, metadata: {} });
}

type ExplainInput = Parameters<WorkbenchApi['examples']['explain']>[0];

/** The training images that likenesses are to, by the position of each, if they are to one. */
async function packTrainingImages(
  datasets: RunDatasets,
  runId: string,
  likenesses: readonly (Likeness | null)[],
): Promise<Tensors> {
  const patches = likenesses.flatMap((likeness, i) =>
    likeness?.patch ? [[i, likeness.patch] as const] : [],
  );
  if (patches.length === 0) return {};
  const content = await datasets.load(runId);
  const named = patches.map(([i, { image }]) => [
    `trainingImage/${i}`,
    vector(imageAt(content.train.images, image, content).slice()),
  ]);
  return Object.fromEntries(named) as Tensors;
}

async function packExplanations(
  { explanations, datasets }: Pick<ExamplesApiParts, 'explanations' | 'datasets'>,
  { methods, ...query }: ExplainInput,
  options: LongTaskOptions,
): Promise<string> {
  const chosen = methods.map((one) => ({
    name: one.name,
    options: { ...readOptions(one.name, one.options) },
  }));
  const outcomes = await explanations.attempt({ ...query, methods: chosen }, options);
  const cells = outcomes.map((one) => ('map' in one ? one.map.length : 0)).reduce(largest, 0);
  const maps = new Float32Array(outcomes.length * cells);
  outcomes.forEach((one, i) => {
    if ('map' in one) maps.set(one.map, i * cells);
  });
  const size = Math.sqrt(cells);
  const likenesses = outcomes.map((one) => ('map' in one ? one.likeness : null));
  const tensors: Tensors = {
    maps: { shape: [outcomes.length, size, size], values: maps },
    targetClass: vector(Uint8Array.of(outcomes[0]?.targetClass ?? 0)),
    durationsMs: vector(
      Float32Array.from(outcomes, (one) => ('map' in one ? one.durationMs : Number.NaN)),
    ),
    ...(await packTrainingImages(datasets, query.runId, likenesses)),
  };
  const problems = outcomes.map((one) => ('problem' in one ? one.problem : null));
  const metadata = {
    problems: JSON.stringify(problems),
    likenesses: JSON.stringify(likenesses),
  };
  return Buffer.from(encodeSafetensors({ tensors, metadata })).toString('base64');
}

async function packConcepts(
  concepts: Concepts,
  query: Parameters<WorkbenchApi['examples']['concepts']>[0],
  options: LongTaskOptions,
): Promise<string> {
  const { epoch, layer, ...table } = await concepts.weigh(query, options);
  const { exampleIds, targets, relevance } = table;
  const tensors: Tensors = {
    ...{ exampleIds: vector(exampleIds), targets: vector(targets) },
    relevance: { shape: [exampleIds.length, channelsOf({ layer, ...table })], values: relevance },
  };
  const metadata = { layer, epoch: String(epoch) };
  return Buffer.from(encodeSafetensors({ tensors, metadata })).toString('base64');
}

const largest = (a: number, b: number): number => Math.max(a, b);

/** NOT_FOUND where no data set that is known has such an image. */
function checkMarked(history: History, datasetId: string, exampleId: number): void {
  const record = history.datasets.find(datasetId);
  const count = record?.testCounts.reduce((sum, of) => sum + of, 0) ?? 0;
  if (exampleId < count) return;
  throw new AfterimageError(
    'NOT_FOUND',
    record === null
      ? `There is no data set ${datasetId}.`
      : `${record.name} has no test image ${exampleId}.`,
    'List the examples of a run to see which there are.',
  );
}

export interface ExamplesApiParts {
  history: History;
  datasets: RunDatasets;
  derivedMetrics: DerivedMetrics;
  explanations: Explanations;
  concepts: Concepts;
  publish: (event: WorkbenchEvent) => void;
}

export const buildExamplesApi = ({
  history,
  datasets,
  derivedMetrics,
  explanations,
  concepts,
  publish,
}: ExamplesApiParts): WorkbenchApi['examples'] => ({
  list: (query, { signal }) => listMarked(history, derivedMetrics, query, signal),
  marks: ({ datasetId }) => Promise.resolve(history.exampleMarks.list(datasetId)),
  mark: async ({ datasetId, ...change }) => {
    checkMarked(history, datasetId, change.exampleId);
    const stored = history.exampleMarks.change(datasetId, change);
    publish({ type: 'marks', datasetId });
    return Promise.resolve(stored);
  },
  epoch: (query) => Promise.resolve(toBlob(packEpoch(history, datasets, query))),
  history: async (example) => {
    const packed = toBlob(await packHistory(history, datasets, example));
    // Whoever looks at an image over its epochs is likely to ask next what explains it.
    explanations.warm(example);
    return packed;
  },
  classMaps: async (example, { signal }) =>
    toBlob(await packClassMaps(history, datasets, example, signal)),
  explain: (query, { signal }) =>
    streamTask(
      (onProgress, ending) =>
        packExplanations({ explanations, datasets }, query, { onProgress, signal: ending }),
      signal,
    ),
  concepts: (query, { signal }) =>
    streamTask(
      (onProgress, ending) => packConcepts(concepts, query, { onProgress, signal: ending }),
      signal,
    ),
});
