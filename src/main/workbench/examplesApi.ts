import { mapMetricNames } from '../../core/metrics/mapMetrics.ts';
import { encodeSafetensors, type NamedTensor } from '../../core/formats/safetensors.ts';
import type { WorkbenchApi } from '../router.ts';
import type { ExampleQuery } from '../../core/records.ts';
import { selectExamples } from '../store/examples/exampleSelection.ts';
import type { History } from '../store/history.ts';
import { startClassMaps } from './classMaps.ts';
import { selectImages, toBlob, type DatasetCache } from './datasetsApi.ts';
import type { MapMetrics } from './mapMetrics.ts';

type Tensors = Record<string, NamedTensor>;

const vector = (values: NamedTensor['values']): NamedTensor => ({ shape: [values.length], values });

function packEpoch(history: History, runId: string, epoch: number): Uint8Array {
  const stored = history.examples.getEpoch(runId, epoch);
  const count = stored.exampleIds.length;
  const { classes, mapSize } = stored;
  const tensors: Tensors = {
    exampleIds: vector(stored.exampleIds),
    labels: vector(stored.labels),
    predictedClasses: vector(stored.predictedClasses),
    probabilities: { shape: [count, classes], values: stored.probabilities },
    inputCorrelation: vector(stored.inputCorrelation),
    energyInside: vector(stored.energyInside),
    iou: vector(stored.iou),
    maskArea: vector(stored.maskArea),
    camLevels: { shape: [count, mapSize, mapSize], values: stored.camLevels },
    camScales: vector(stored.camScales),
  };
  return encodeSafetensors({ tensors, metadata: {} });
}

async function packHistory(
  history: History,
  cache: DatasetCache,
  runId: string,
  exampleId: number,
): Promise<Uint8Array> {
  const stored = history.examples.getHistory(runId, exampleId);
  const dataset = await cache.load(history.runs.get(runId).config.dataset);
  const { images } = selectImages(dataset, 'test', [exampleId]);
  const epochs = stored.epochs.length;
  const { classes, mapSize } = stored;
  const maps = (values: Uint8Array): NamedTensor => ({ shape: [epochs, mapSize, mapSize], values });
  const tensors: Tensors = {
    epochs: vector(stored.epochs),
    label: vector(Uint8Array.of(stored.label)),
    probabilities: { shape: [epochs, classes], values: stored.probabilities },
    inputCorrelation: vector(stored.inputCorrelation),
    energyInside: vector(stored.energyInside),
    iou: vector(stored.iou),
    predictedLevels: maps(stored.predictedLevels),
    predictedScales: vector(stored.predictedScales),
    labelLevels: maps(stored.labelLevels),
    labelScales: vector(stored.labelScales),
    image: { shape: [dataset.imageSize, dataset.imageSize], values: images },
  };
  const metadata = { classNames: JSON.stringify(dataset.classNames) };
  return encodeSafetensors({ tensors, metadata });
}

/** Examples with what is computed from their maps, where the query asks for it or sorts by it. */
async function listExamples(
  history: History,
  mapMetrics: MapMetrics,
  query: ExampleQuery,
  signal?: AbortSignal,
) {
  const { runId, epoch, sort } = query;
  if (query.mapMetrics !== true && !mapMetricNames.some((name) => name === sort)) {
    return history.examples.list(query);
  }
  const stored = history.examples.getEpoch(runId, epoch);
  const columns = await mapMetrics.compute(runId, stored, signal ? { signal } : {});
  return selectExamples(stored, query, columns);
}

async function packClassMaps(
  history: History,
  cache: DatasetCache,
  { runId, exampleId }: { runId: string; exampleId: number },
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const { config } = history.runs.get(runId);
  // Refuses an image that the run has not evaluated.
  const { epochs } = history.examples.getHistory(runId, exampleId);
  const { imageSize, classNames, ...dataset } = await cache.load(config.dataset);
  const request = {
    model: config.model,
    targetLayer: config.targetLayer,
    imageSize,
    classes: classNames.length,
    mean: dataset.mean,
    standardDeviation: dataset.standardDeviation,
    image: dataset.test.images.slice(exampleId * imageSize ** 2, (exampleId + 1) * imageSize ** 2),
    weights: Array.from(epochs, (epoch) => history.weights.get(runId, epoch).weights),
  };
  const { mapSize, levels, scales } = await startClassMaps(request, signal);
  const shape = [request.classes, epochs.length];
  const tensors: Tensors = {
    levels: { shape: [...shape, mapSize, mapSize], values: levels },
    scales: { shape, values: scales },
  };
  return encodeSafetensors({ tensors, metadata: {} });
}

export const buildExamplesApi = (
  history: History,
  cache: DatasetCache,
  mapMetrics: MapMetrics,
): WorkbenchApi['examples'] => ({
  list: (query, { signal }) => listExamples(history, mapMetrics, query, signal),
  epoch: ({ runId, epoch }) => Promise.resolve(toBlob(packEpoch(history, runId, epoch))),
  history: async ({ runId, exampleId }) =>
    toBlob(await packHistory(history, cache, runId, exampleId)),
  classMaps: async (example, { signal }) =>
    toBlob(await packClassMaps(history, cache, example, signal)),
});
